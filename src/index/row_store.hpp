// The full vectors of an index, as stored, with the kernels of their metric.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <kith/matrix.hpp>
#include <kith/types.hpp>

#include "base/metric.hpp"
#include "index/exact.hpp"
#include "kernel/table.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"
#include "storage/region.hpp"

namespace kith::index {

// Whether rows that fewer bytes hold exactly are to be held in them.
enum class Elements { kAsTheyAre, kNarrowest };

// A query as rows are compared with it; reused from one to the next.
struct QueryMemory {
    std::vector<std::uint64_t> words;
    std::vector<float> scaled;
};

// Immutable. Rows are float32, a narrower type that holds all of their elements, packed bits for kHamming, or compressed:
// bytes that are multiplied by a step. On the heap, mapped, or the caller's own. Queries are float32, or packed bits.
class RowStore {
public:
    // Copies `vectors`. Throws InvalidArgument: no columns, NaN or infinity.
    [[nodiscard]] static RowStore copy_of(MatrixView<const float> vectors, Metric metric);

    // The rows where they are, kept alive by `owner` or, when null, by the caller; kHamming copies. Throws as
    // copy_of.
    [[nodiscard]] static RowStore view_of(MatrixView<const float> vectors, Metric metric,
                                          std::shared_ptr<const void> owner);

    // Rows that are stored already as this metric's are, and finite.
    [[nodiscard]] static RowStore of_stored(storage::Region region, std::size_t count, std::size_t dim,
                                            Metric metric);

    // The vectors section of a .kith file, with its steps where it has such. Throws CorruptFile, Unsupported.
    [[nodiscard]] static RowStore open(const storage::FileReader& file);

    // The same rows in the narrowest type that holds every element of all of them exactly: uint8, int8, float16 or as
    // they are. A quarter or half of the memory, and the same ranks bit for bit. O(1) for most that stay as they are.
    [[nodiscard]] static RowStore narrowed(RowStore rows, std::size_t threads);

    // The same rows rounded to a byte an element, unless bytes or bits hold them as they are. kAngular gives each row a
    // step of its own, other metrics need one for all.
    [[nodiscard]] static RowStore compressed(const RowStore& rows, std::size_t threads);

    [[nodiscard]] bool is_compressed() const noexcept { return step_ > 0; }

    // 0 unless compressed. Of kAngular the largest: O(count()).
    [[nodiscard]] float step() const noexcept;

    // Bytes of the rows' own steps.
    [[nodiscard]] std::size_t step_bytes() const noexcept { return row_steps_.size(); }

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::size_t dim() const noexcept { return dim_; }
    [[nodiscard]] Metric metric() const noexcept { return metric_; }
    [[nodiscard]] Scalar scalar() const noexcept { return scalar_; }
    [[nodiscard]] const kernel::DistanceKernels& kernels() const noexcept { return kernels_; }
    [[nodiscard]] const std::byte* data() const noexcept { return region_.data(); }

    // Bytes from one row to the next.
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }

    // REQUIRES: i < count().
    [[nodiscard]] const std::byte* row(std::size_t i) const noexcept { return region_.data() + i * stride_; }

    // Row i as the kernels take a query: itself, or for narrower types than float32 floats in `memory`, which has room
    // for them then. REQUIRES: i < count().
    [[nodiscard]] const void* as_query(std::size_t i, std::span<float> memory) const noexcept;

    // As the kernels count: elements, or 64-bit words.
    [[nodiscard]] std::size_t length() const noexcept;

    // The vector as the kernels take a query: itself, or what is written to `memory`: its bits, or itself in steps.
    [[nodiscard]] const void* as_row(std::span<const float> vector, QueryMemory& memory) const;

    // Row i as floats. REQUIRES: i < count(), out.size() == dim().
    void get(std::size_t i, std::span<float> out) const noexcept;

    // A vector with which to search for row i: as get(), but for a compressed one of kAngular, whose length does not
    // count, its bytes. It is at 0 from the row exactly. REQUIRES: as get().
    void get_query(std::size_t i, std::span<float> out) const noexcept;

    // The metric's public value for a rank that the kernels give.
    [[nodiscard]] float distance_of(float rank) const noexcept { return display(metric_, rank) * unit(); }

    // The metric's public value. REQUIRES: both are < count().
    [[nodiscard]] float distance(std::size_t a, std::size_t b) const;

    [[nodiscard]] RowAccess access() const noexcept {
        return {kernels_, data(), stride_, length(), count_, metric_, unit()};
    }

    // Adds the vectors and steps sections unless the file has vectors: as they are, or as the float32 that a file of
    // those asks for.
    void write(storage::FileWriter& writer) const;

private:
    RowStore(storage::Region region, std::size_t stride, std::size_t count, std::size_t dim, Metric metric,
             Scalar scalar);

    // Distances in the kernels' eyes times this are those of the vectors.
    [[nodiscard]] float unit() const noexcept { return step_ > 0 && metric_ != Metric::kAngular ? step_ : 1.0F; }
    [[nodiscard]] float step_of(std::size_t i) const noexcept;
    void read_steps(const storage::FileReader& file);

    storage::Region region_;
    std::size_t stride_;
    std::size_t count_;
    std::size_t dim_;
    Metric metric_;
    Scalar scalar_;
    kernel::DistanceKernels kernels_;
    float step_ = 0;             // 1 where each row has its own
    storage::Region row_steps_;  // of a compressed kAngular
};

// Throws InvalidArgument for rows that are bits already.
void check_compressible(const RowStore& rows);

// Brings rows that an index was built from into the form in which it keeps them; returns what its recall is measured
// against: the rows as they were, or these where they are the same.
[[nodiscard]] RowStore settle_rows(RowStore& rows, bool compress, std::size_t threads);

}  // namespace kith::index
