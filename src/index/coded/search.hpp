// Finds candidates from codes and ranks the best of them in full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include <kith/coded_forest.hpp>

#include "index/coded/coded_data.hpp"
#include "index/selection.hpp"

namespace kith::index {

// How hard a search tries.
struct Effort {
    std::size_t search_k = 0;   // rows scored by their codes, rounded up to whole leaves
    std::size_t shortlist = 0;  // the best of these, compared by their bytes where there are byte rows
    std::size_t rerank = 0;     // the best of these, ranked in full; all of them when no fewer than shortlist
};

// Rows ranked in full to find the k nearest, once bytes have ordered them.
[[nodiscard]] std::size_t rerank_for(std::size_t k) noexcept;

// What the options ask of this index for `options.k` neighbours.
[[nodiscard]] Effort resolve_effort(const CodedData& data, const SearchOptions& options) noexcept;

// The best `effort.shortlist` rows by their codes, best first, each once: score << 32 | row. `query` is prepared.
// The span is valid until this thread's next call. Memory-safe whatever the data's bytes are.
[[nodiscard]] std::span<const std::uint64_t> find_candidates(const CodedData& data, std::span<const float> query,
                                                             const Effort& effort);

// The most queries that gain from being answered together: what all of them keep at hand stays in a core's own cache.
inline constexpr std::size_t kMostTogether = 256;

// The same for many queries, in less time for each, as they go through the leaves together: calls
// each(i, the candidates of query i, in no order).
void find_candidates(const CodedData& data, MatrixView<const float> queries, const Effort& effort,
                     const std::function<void(std::size_t query, std::span<const std::uint64_t> found)>& each);

// Time in rough nanoseconds: bytes of codes that stream by, and scattered rows that are fetched and compared.
[[nodiscard]] double cost_of(const CodedData& data, double search_k, double shortlist) noexcept;

// With a filter, as many more rows are scored as it allows fewer of them, or those allowed are all compared where that
// is quicker. REQUIRES: `query` is finite and has the right length. Overwrites `out`.
void search_coded(const CodedData& data, std::span<const float> query, std::size_t k, Effort effort,
                  const Selection& selection, Neighbors& out);

// The same answers for many queries, in less time for each: they go through the leaves together.
// REQUIRES: out.size() == queries.rows().
void search_coded(const CodedData& data, MatrixView<const float> queries, std::size_t k, const Effort& effort,
                  const Selection& selection, std::span<Neighbors> out);

}  // namespace kith::index
