// The training loop.
#pragma once

#include <kith/corpus.hpp>
#include <kith/progress.hpp>
#include <kith/word2vec.hpp>

#include "embed/model.hpp"

namespace kith::embed {

struct Schedule {
    std::size_t epochs;
    double start_alpha;
    double end_alpha;

    // The learning rate after `done` of `total` words.
    [[nodiscard]] double alpha(std::uint64_t done, std::uint64_t total) const noexcept {
        const double progress = total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
        return start_alpha + (end_alpha - start_alpha) * progress;
    }
};

// Threads take jobs from one list and update the model's rows without locks (Hogwild: Recht, Re, Wright and Niu
// 2011): in the terms of the language a race on floats, whose outcome on real machines is that now and then an
// update is lost. With one thread the order is fixed. Throws Cancelled.
TrainingReport train(Model& model, const Corpus& corpus, const Schedule& schedule, const ProgressFn& progress);

}  // namespace kith::embed
