// The training loop over epochs and jobs, the same for every model.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <kith/corpus.hpp>
#include <kith/progress.hpp>
#include <kith/training.hpp>

#include "embed/model.hpp"
#include "embed/worker.hpp"

namespace kith::embed {

struct Schedule {
    std::size_t epochs;
    double start_alpha;
    double end_alpha;
    bool compute_loss = false;

    // Epochs first <= epoch < last are trained now.
    std::size_t first = 0;
    std::size_t last = epochs;

    std::optional<std::size_t> threads = {};  // not the model's

    // How many these are.
    [[nodiscard]] std::size_t passes() const noexcept { return last - first; }

    // The learning rate after `done` of `total` words.
    [[nodiscard]] double alpha(std::uint64_t done, std::uint64_t total) const noexcept {
        const double progress = total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
        return start_alpha + (end_alpha - start_alpha) * progress;
    }
};

// Options filled in from the model's. Throws InvalidArgument naming what cannot work.
[[nodiscard]] Schedule make_schedule(const TrainingOptions& training, const EmbeddingOptions& options);

// Makes one thread's worker.
using WorkerFactory = std::function<std::unique_ptr<Worker>()>;

// Threads take jobs from one list and update the model's rows without locks (Hogwild: Recht, Re, Wright and Niu
// 2011): in the terms of the language a race on floats, whose outcome on real machines is that now and then an
// update is lost. With one thread the order is fixed, and epochs trained one call at a time give what one call for
// all of them does. Throws Cancelled.
TrainingReport train(Model& model, const Corpus& corpus, const Schedule& schedule, const WorkerFactory& factory,
                     const ProgressFn& progress);

// Word2Vec's.
TrainingReport train(Model& model, const Corpus& corpus, const Schedule& schedule, const ProgressFn& progress);

// Adds a report to the sum of those before.
void accumulate(const TrainingReport& report, TrainingReport& sum);

}  // namespace kith::embed
