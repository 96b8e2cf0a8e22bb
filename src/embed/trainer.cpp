#include "embed/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <tuple>
#include <vector>

#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "embed/architecture.hpp"
#include "embed/jobs.hpp"
#include "embed/objective.hpp"
#include "kernel/select.hpp"

namespace kith::embed {
namespace {

// One thread's part of the work.
class Worker {
public:
    virtual ~Worker() = default;

    // Trains the words of a job; returns how many.
    virtual std::size_t run(const JobText& text, float alpha, Random& random) = 0;

    JobText text;
};

// How many words ahead targets are chosen and their rows prefetched: about as long as memory takes to answer.
constexpr std::size_t kAhead = 2;

// An objective and the targets it has chosen for the words to come.
template <class Objective>
class Pipeline {
public:
    explicit Pipeline(Model& model) : objective_(model), slots_(kAhead + 1, Targets(objective_.most_targets())) {}

    void choose(std::size_t at, std::uint32_t word, float alpha, Random& random) {
        objective_.choose(word, alpha, random, slots_[at % slots_.size()]);
    }
    [[nodiscard]] const Targets& targets(std::size_t at) const { return slots_[at % slots_.size()]; }
    [[nodiscard]] std::size_t most_targets() const { return objective_.most_targets(); }

private:
    Objective objective_;
    std::vector<Targets> slots_;
};

template <class Architecture, class... Objectives>
class WorkerOf final : public Worker {
public:
    WorkerOf(Model& model, const kernel::TrainKernels& kernels)
        : input_(model.input),
          reach_(model.options.window),
          pipelines_(Pipeline<Objectives>(model)...),
          scratch_(kernels, model.input.stride(), most_targets()),
          architecture_(model, scratch_) {}

    std::size_t run(const JobText& job, float alpha, Random& random) override {
        const std::size_t words = job.rows.size();
        for (std::size_t at = 0; at < std::min(kAhead, words); ++at) choose(job, at, alpha, random);
        for (std::size_t at = 0; at < words; ++at) {
            if (at + kAhead < words) choose(job, at + kAhead, alpha, random);
            const Window window = job.windows[at];
            context_.clear();
            for (std::size_t i = window.first; i < window.last; ++i) {
                if (i != at) context_.push_back(input_.row(job.rows[i]));
            }
            if (context_.empty()) continue;
            std::apply([&](const auto&... each) { (architecture_.train(context_, each.targets(at)), ...); },
                       pipelines_);
        }
        return words;
    }

private:
    void choose(const JobText& job, std::size_t at, float alpha, Random& random) {
        const std::size_t entering = std::min(at + reach_, job.rows.size() - 1);
        prefetch_row(input_.row(job.rows[entering]), input_.stride());
        std::apply([&](auto&... each) { (each.choose(at, job.rows[at], alpha, random), ...); }, pipelines_);
    }

    [[nodiscard]] std::size_t most_targets() const {
        return std::apply([](const auto&... each) { return std::max({each.most_targets()...}); }, pipelines_);
    }

    Weights& input_;
    std::size_t reach_;
    std::tuple<Pipeline<Objectives>...> pipelines_;
    TrainScratch scratch_;
    Architecture architecture_;
    std::vector<float*> context_;
};

template <class Architecture>
std::unique_ptr<Worker> make_worker(Model& model, const kernel::TrainKernels& kernels) {
    const bool negative = model.options.negative > 0;
    if (model.options.hierarchical_softmax && negative) {
        return std::make_unique<WorkerOf<Architecture, HierarchicalSoftmax, NegativeSampling>>(model, kernels);
    }
    if (negative) return std::make_unique<WorkerOf<Architecture, NegativeSampling>>(model, kernels);
    return std::make_unique<WorkerOf<Architecture, HierarchicalSoftmax>>(model, kernels);
}

// The one place where options become types.
std::unique_ptr<Worker> make_worker(Model& model) {
    const kernel::TrainKernels& kernels = kernel::active().train;
    return model.options.architecture == Architecture::kSkipGram ? make_worker<SkipGram>(model, kernels)
                                                                 : make_worker<Cbow>(model, kernels);
}

}  // namespace

TrainingReport train(Model& model, const Corpus& corpus, const Schedule& schedule, const ProgressFn& progress) {
    const std::vector<Job> jobs = make_jobs(corpus);
    const std::vector<std::uint32_t> rows = rows_of_types(corpus, model.vocabulary);
    const std::uint64_t total = corpus.words() * schedule.epochs;
    std::vector<std::unique_ptr<Worker>> workers(
        std::min(resolve_threads(model.options.threads), std::max<std::size_t>(jobs.size(), 1)));
    for (auto& worker : workers) worker = make_worker(model);

    std::atomic<std::uint64_t> trained{0};
    ProgressMeter meter("training", total, progress);
    const auto detail = [&](std::size_t epoch, double alpha) {
        return fmt::format("epoch {}/{}, alpha {:.4f}, {:.0f} words/s", epoch + 1, schedule.epochs, alpha,
                           static_cast<double>(meter.done()) / std::max(meter.seconds(), 1e-9));
    };
    parallel_for(jobs.size() * schedule.epochs, workers.size(), [&](std::size_t item, std::size_t thread) {
        const std::size_t epoch = item / jobs.size();
        const Job& job = jobs[item % jobs.size()];
        const double alpha = schedule.alpha(epoch * corpus.words() + job.first_word, total);
        Worker& worker = *workers[thread];
        Random random = Random::stream(model.options.seed, epoch + 1, item % jobs.size());
        encode(corpus, job, rows, model, random, worker.text);
        trained += worker.run(worker.text, static_cast<float>(alpha), random);
        meter.add(job.last_word - job.first_word, [&] { return detail(epoch, alpha); });
    });
    meter.finish(detail(schedule.epochs - 1, schedule.end_alpha));
    return {meter.done(), trained, meter.seconds()};
}

}  // namespace kith::embed
