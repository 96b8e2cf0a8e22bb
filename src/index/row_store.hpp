// The full vectors of an index, as stored, with the kernels of their metric.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <kith/matrix.hpp>
#include <kith/types.hpp>

#include "index/exact.hpp"
#include "kernel/table.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"
#include "storage/region.hpp"

namespace kith::index {

// Whether rows that fewer bytes hold exactly are to be held in them.
enum class Elements { kAsTheyAre, kNarrowest };

// Immutable. Rows are float32, a narrower type that holds all of their elements, or packed bits for kHamming; on the
// heap, mapped, or the caller's own. Queries are float32, or packed bits.
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

    // The vectors section of a .kith file. Throws CorruptFile, Unsupported.
    [[nodiscard]] static RowStore open(const storage::FileReader& file);

    // The same rows in the narrowest type that holds every element of all of them exactly: uint8, int8, float16 or as
    // they are. A quarter or half of the memory, and the same ranks bit for bit. O(1) for most that stay as they are.
    [[nodiscard]] static RowStore narrowed(RowStore rows, std::size_t threads);

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

    // Row i as a query: itself, or for narrower types than float32 its floats in `memory`, which has room for them then.
    // REQUIRES: i < count().
    [[nodiscard]] const void* as_query(std::size_t i, std::span<float> memory) const noexcept;

    // As the kernels count: elements, or 64-bit words.
    [[nodiscard]] std::size_t length() const noexcept;

    // The vector as a row is stored: itself, or its bits written to `words`, which has room for length().
    [[nodiscard]] const void* as_row(std::span<const float> vector, std::uint64_t* words) const noexcept;

    // Row i as floats. REQUIRES: i < count(), out.size() == dim().
    void get(std::size_t i, std::span<float> out) const noexcept;

    // The metric's public value. REQUIRES: both are < count().
    [[nodiscard]] float distance(std::size_t a, std::size_t b) const;

    [[nodiscard]] RowAccess access() const noexcept {
        return {kernels_, data(), stride_, length(), count_, metric_};
    }

    // Adds the vectors section unless the file has one: as they are, or as the float32 that a file of those asks for.
    void write(storage::FileWriter& writer) const;

private:
    RowStore(storage::Region region, std::size_t stride, std::size_t count, std::size_t dim, Metric metric,
             Scalar scalar);

    storage::Region region_;
    std::size_t stride_;
    std::size_t count_;
    std::size_t dim_;
    Metric metric_;
    Scalar scalar_;
    kernel::DistanceKernels kernels_;
};

}  // namespace kith::index
