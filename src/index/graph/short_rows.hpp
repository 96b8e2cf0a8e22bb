// Rows as a walk compares them: spread, centred, where it pays projected on fewer dimensions, a byte an element.
//
// With y the centred row in few dimensions, the squared distance of query and row is |q - centre|^2 + |x - centre|^2
// - 2 <y(q), y(x)>, but for the product of what the projection left out. The first term is the same for all rows; the
// second stands behind the row's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/graph/graph_data.hpp"

namespace kith::index {

// Vectors as floats in the Euclidean space that is searched.
class Spread {
public:
    explicit Spread(const RowStore& rows);

    [[nodiscard]] std::size_t dim() const noexcept { return spread_dim(rows_.metric(), rows_.dim()); }

    // kDot: of every spread row. Otherwise 0.
    [[nodiscard]] float length() const noexcept { return length_; }

    // REQUIRES: i < rows.count(), out.size() == dim().
    void get(std::size_t i, std::span<float> out) const noexcept;

private:
    const RowStore& rows_;
    float length_ = 0;
};

// A query, spread: kDot makes it as long as the rows, which does not change the order. `out` has room for one more
// element with kDot.
void spread_query(Metric metric, std::span<const float> query, float length, std::span<float> out) noexcept;

// Sets the parts of `data` that say how rows are shortened, and shortens them.
// REQUIRES: rows.count() > 0, parameters.degree is set.
void make_short_rows(GraphData& data, const Spread& spread, std::size_t wanted_dim, std::uint64_t seed,
                     std::size_t threads);

// A query as short rows are compared with it.
struct ShortQuery {
    std::vector<std::int8_t> bytes;  // stride() of them
    float scale = 0;

    // Where walks compare rows by the metric itself: what does, and the query as such a row. Otherwise null.
    const kernel::DistanceKernels* kernels = nullptr;
    const void* row = nullptr;
    std::size_t length = 0;
    QueryMemory memory;

    // rank[i] for each of the rows: a squared distance less what all rows have in common.
    void rank(const GraphData& data, std::span<const std::uint32_t> rows, float* out) const noexcept;

    std::vector<float> spread;
    std::vector<float> shortened;
    std::vector<std::int8_t> whole;
    std::vector<std::uint32_t> numbers;
};

// REQUIRES: query.size() == rows.dim(), data has rows.
void shorten_query(const GraphData& data, std::span<const float> query, ShortQuery& out);

}  // namespace kith::index
