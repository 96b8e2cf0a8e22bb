// The context of Word2Vec: the vectors of the words around a word.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "embed/architecture.hpp"
#include "embed/jobs.hpp"
#include "embed/model.hpp"

namespace kith::embed {

class WordSource {
public:
    explicit WordSource(Model& model) noexcept
        : input_(model.input), lock_factors_(model.lock_factors), reach_(model.options.window) {}

    void prefetch(const JobText& job, std::size_t at) noexcept {
        const std::size_t entering = std::min(at + reach_, job.rows.size() - 1);
        prefetch_row(input_.row(job.rows[entering]), input_.stride());
    }

    void begin(const JobText& /*job*/, std::size_t /*sentence*/, std::size_t /*first*/,
               std::size_t /*last*/) noexcept {}

    void context(const JobText& job, std::size_t at, Context& out) {
        const Window window = job.windows[at];
        for (std::size_t i = window.first; i < window.last; ++i) {
            if (i != at) out.rows.push_back(input_.row(job.rows[i]));
        }
        if (lock_factors_.empty()) return;
        for (std::size_t i = window.first; i < window.last; ++i) {
            if (i != at) out.lock_factors.push_back(lock_factors_[job.rows[i]]);
        }
    }

    void end() noexcept {}

private:
    Weights& input_;
    const std::vector<float>& lock_factors_;
    std::size_t reach_;
};

}  // namespace kith::embed
