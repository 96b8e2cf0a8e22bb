// The context of FastText: for each word around a word the mean of its own vector and those of its parts.
//
// A word's mean is made when the word comes into the window's reach and learns in place while it is there; when it
// leaves, what it has learned is added to each of its rows. That is what adding every gradient to every row at once
// would give, except that words of one window which share parts do not see each other's steps; it makes and spreads
// a mean once for each word instead of once for each pair of words.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "embed/architecture.hpp"
#include "embed/jobs.hpp"
#include "embed/model.hpp"
#include "embed/subwords.hpp"
#include "kernel/select.hpp"

namespace kith::embed {

class SubwordSource {
public:
    // All outlive it.
    SubwordSource(Model& model, Weights& subwords, const SubwordTable& table) noexcept
        : kernels_(kernel::active()),
          words_(model.input),
          subwords_(subwords),
          table_(table),
          reach_(std::min(model.options.window, kFarthest)),
          weighted_(model.options.architecture == Architecture::kCbow) {}

    void prefetch(const JobText& job, std::size_t at) noexcept {
        const std::uint32_t word = job.rows[std::min(at + reach_, job.rows.size() - 1)];
        prefetch_row(words_.row(word), words_.stride());
        for (const std::uint32_t bucket : table_.of(word)) prefetch_row(subwords_.row(bucket), words_.stride());
    }

    void begin(const JobText& job, std::size_t /*sentence*/, std::size_t first, std::size_t last) {
        job_ = &job;
        left_ = entered_ = first;
        last_ = last;
        slots_ = std::max<std::size_t>(std::min(2 * reach_ + 1, last - first), 1);
        if (slots_ > means_.rows()) {
            means_ = Weights(slots_, words_.cols());
            starts_ = Weights(slots_, words_.cols());
        }
    }

    void context(const JobText& job, std::size_t at, Context& out) {
        while (left_ + reach_ < at) leave(left_++);
        while (entered_ < std::min(at + reach_ + 1, last_)) enter(entered_++);
        const Window window = job.windows[at];
        for (std::size_t i = window.first; i < window.last; ++i) {
            if (i == at) continue;
            out.rows.push_back(means_.row(i % slots_));
            if (weighted_) out.weights.push_back(static_cast<float>(1 + table_.of(job.rows[i]).size()));
        }
    }

    void end() {
        while (left_ < entered_) leave(left_++);
    }

private:
    // Windows are no larger than words in a job can be counted.
    static constexpr std::size_t kFarthest = std::size_t{1} << 31;

    void gather_rows(std::size_t at) {
        const std::uint32_t word = job_->rows[at];
        rows_.clear();
        rows_.push_back(words_.row(word));
        for (const std::uint32_t bucket : table_.of(word)) rows_.push_back(subwords_.row(bucket));
    }

    void enter(std::size_t at) {
        gather_rows(at);
        float* const mean = means_.row(at % slots_);
        kernels_.train.sum_rows(rows_.data(), rows_.size(), 1.0F / static_cast<float>(rows_.size()),
                                words_.stride(), mean);
        std::copy_n(mean, words_.stride(), starts_.row(at % slots_));
    }

    void leave(std::size_t at) {
        gather_rows(at);
        float* const learned = means_.row(at % slots_);
        kernels_.f32.axpy(-1.0F, starts_.row(at % slots_), learned, words_.stride());
        kernels_.train.add_to_rows(learned, 1.0F, rows_.data(), rows_.size(), words_.stride());
    }

    const kernel::Table& kernels_;
    Weights& words_;
    Weights& subwords_;
    const SubwordTable& table_;
    std::size_t reach_;
    bool weighted_;
    const JobText* job_ = nullptr;
    std::size_t left_ = 0;     // words before have left
    std::size_t entered_ = 0;  // words before have entered
    std::size_t last_ = 0;     // of the sentence
    std::size_t slots_ = 1;    // word i is in slot i % slots_
    Weights means_;
    Weights starts_;
    std::vector<float*> rows_;
};

}  // namespace kith::embed
