// Finds candidates from codes and ranks the best of them in full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <kith/coded_forest.hpp>

#include "index/coded/coded_data.hpp"

namespace kith::index {

// How hard a search tries.
struct Effort {
    std::size_t search_k = 0;  // rows scored, rounded up to whole leaves
    std::size_t rerank = 0;    // of these, ranked in full
};

// What the options ask of this index for `options.k` neighbours.
[[nodiscard]] Effort resolve_effort(const CodedData& data, const SearchOptions& options) noexcept;

// The best `effort.rerank` rows by their codes, best first, each once: score << 32 | row. `query` is prepared. The
// span is valid until this thread's next call. Memory-safe whatever the data's bytes are.
[[nodiscard]] std::span<const std::uint64_t> find_candidates(const CodedData& data, std::span<const float> query,
                                                             const Effort& effort);

// REQUIRES: `query` is finite and has the right length. Overwrites `out`.
void search_coded(const CodedData& data, std::span<const float> query, std::size_t k, const Effort& effort,
                  Neighbors& out);

}  // namespace kith::index
