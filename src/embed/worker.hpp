// One thread's part of training: the loop over the words of a job, the same for every model. A model is put together
// from a source (which rows stand around a word), an architecture (how they predict) and objectives (what).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "embed/architecture.hpp"
#include "embed/jobs.hpp"
#include "embed/model.hpp"
#include "embed/objective.hpp"
#include "kernel/select.hpp"

namespace kith::embed {

class Worker {
public:
    virtual ~Worker() = default;

    // Trains the words of a job; returns how many. Losses are added to `loss` unless it is null.
    virtual std::size_t run(const JobText& text, float alpha, Random& random, LossSum* loss) = 0;

    JobText text;
};

enum class LearnOutputs : bool { kNo, kYes };

// How many words ahead targets are chosen and their rows prefetched: about as long as memory takes to answer.
inline constexpr std::size_t kAhead = 2;

// An objective and the targets it has chosen for the words to come.
template <class Objective>
class Pipeline {
public:
    Pipeline(Model& model, LearnOutputs learn)
        : objective_(model), slots_(kAhead + 1, Targets(objective_.most_targets(), Objective::kInTurn)) {
        if (learn == LearnOutputs::kNo) copies_ = Weights(objective_.most_targets(), objective_.cols());
    }

    void forget() noexcept { objective_.forget(); }

    void choose(std::size_t at, std::uint32_t word, float alpha, Random& random) {
        objective_.choose(word, alpha, random, slots_[at % slots_.size()]);
    }

    // Those of word `at`. When outputs do not learn, copies that may be changed.
    [[nodiscard]] const Targets& targets(std::size_t at) {
        Targets& chosen = slots_[at % slots_.size()];
        if (copies_.empty()) return chosen;
        for (std::size_t i = 0; i < chosen.count; ++i) {
            std::copy_n(chosen.rows[i], copies_.stride(), copies_.row(i));
            chosen.rows[i] = copies_.row(i);
        }
        return chosen;
    }

    [[nodiscard]] std::size_t most_targets() const { return objective_.most_targets(); }

private:
    Objective objective_;
    std::vector<Targets> slots_;
    Weights copies_;
};

// A Source has
//     void prefetch(job, at)                     word `at` will be wanted soon
//     void begin(job, sentence, first, last)     the words [first, last) of a sentence come next
//     void context(job, at, Context&)            what predicts word `at`; asked for each word in order
//     void end()                                 the sentence is over
template <class Source, class Architecture, class... Objectives>
class WorkerOf final : public Worker {
public:
    WorkerOf(Model& model, Source source, std::size_t input_stride, LearnOutputs learn)
        : source_(std::move(source)),
          pipelines_(Pipeline<Objectives>(model, learn)...),
          scratch_(kernel::active(), input_stride, most_targets()),
          architecture_(model, scratch_) {}

    std::size_t run(const JobText& job, float alpha, Random& random, LossSum* loss) override {
        scratch_.measure(loss);
        std::apply([](auto&... each) { (each.forget(), ...); }, pipelines_);
        const std::size_t words = job.rows.size();
        for (std::size_t at = 0; at < std::min(kAhead, words); ++at) choose(job, at, alpha, random);
        std::size_t at = 0;
        for (std::size_t sentence = 0; sentence < job.ends.size(); ++sentence) {
            source_.begin(job, sentence, at, job.ends[sentence]);
            for (; at < job.ends[sentence]; ++at) {
                if (at + kAhead < words) choose(job, at + kAhead, alpha, random);
                context_.clear();
                source_.context(job, at, context_);
                if (context_.rows.size() == context_.first_learning) continue;
                std::apply([&](auto&... each) { (architecture_.train(context_, each.targets(at)), ...); },
                           pipelines_);
            }
            source_.end();
        }
        return words;
    }

private:
    void choose(const JobText& job, std::size_t at, float alpha, Random& random) {
        source_.prefetch(job, at);
        std::apply([&](auto&... each) { (each.choose(at, job.rows[at], alpha, random), ...); }, pipelines_);
    }

    [[nodiscard]] std::size_t most_targets() const {
        return std::apply([](const auto&... each) { return std::max({each.most_targets()...}); }, pipelines_);
    }

    Source source_;
    std::tuple<Pipeline<Objectives>...> pipelines_;
    TrainScratch scratch_;
    Architecture architecture_;
    Context context_;
};

// Objectives by the model's options.
template <class Architecture, class Source>
std::unique_ptr<Worker> make_worker(Model& model, Source source, std::size_t input_stride, LearnOutputs learn) {
    const bool negative = model.options.negative > 0;
    if (model.options.hierarchical_softmax && negative) {
        return std::make_unique<WorkerOf<Source, Architecture, HierarchicalSoftmax, NegativeSampling>>(
            model, std::move(source), input_stride, learn);
    }
    if (negative) {
        return std::make_unique<WorkerOf<Source, Architecture, NegativeSampling>>(model, std::move(source),
                                                                                  input_stride, learn);
    }
    return std::make_unique<WorkerOf<Source, Architecture, HierarchicalSoftmax>>(model, std::move(source),
                                                                                 input_stride, learn);
}

}  // namespace kith::embed
