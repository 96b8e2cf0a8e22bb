#include "index/row_store.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/metric.hpp"
#include "base/parallel.hpp"
#include "index/checks.hpp"
#include "index/compress.hpp"
#include "index/narrow.hpp"
#include "kernel/elements.hpp"
#include "kernel/select.hpp"
#include "kernel/support.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kGrain = 256;

std::size_t words_of(std::size_t dim) noexcept {
    return (dim + 63) / 64;
}

void pack_bits(std::span<const float> row, std::uint64_t* words) noexcept {
    std::fill_n(words, words_of(row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i] > 0.5F) words[i / 64] |= std::uint64_t{1} << (i % 64);
    }
}

storage::Region packed(MatrixView<const float> vectors) {
    const std::size_t words = words_of(vectors.cols());
    storage::Buffer buffer(vectors.rows() * words * sizeof(std::uint64_t));
    for (std::size_t i = 0; i < vectors.rows(); ++i) {
        check_finite(vectors.row(i), i, "vectors");
        pack_bits(vectors.row(i), buffer.as<std::uint64_t>().data() + i * words);
    }
    return std::move(buffer).freeze();
}

// Each row is looked at on its way: it comes from memory once.
storage::Region copied(MatrixView<const float> vectors) {
    storage::Buffer buffer(vectors.rows() * vectors.cols() * sizeof(float));
    for (std::size_t i = 0; i < vectors.rows(); ++i) {
        check_finite(vectors.row(i), i, "vectors");
        std::memcpy(buffer.as<float>().data() + i * vectors.cols(), vectors.row(i).data(),
                    vectors.cols() * sizeof(float));
    }
    return std::move(buffer).freeze();
}

template <class T>
const T* elements_of(const std::byte* row) noexcept {
    return reinterpret_cast<const T*>(row);
}

void check_columns(MatrixView<const float> vectors) {
    if (vectors.cols() == 0) throw InvalidArgument("vectors has no columns; an index has at least 1 dimension");
}

}  // namespace

RowStore::RowStore(storage::Region region, std::size_t stride, std::size_t count, std::size_t dim, Metric metric,
                   Scalar scalar)
    : region_(std::move(region)),
      stride_(stride),
      count_(count),
      dim_(dim),
      metric_(metric),
      scalar_(scalar),
      kernels_(kernel::search_kernels(kernel::active(), metric, scalar)) {}

RowStore RowStore::copy_of(MatrixView<const float> vectors, Metric metric) {
    check_columns(vectors);
    const Scalar scalar = scalar_of(metric);
    storage::Region region = scalar == Scalar::kBits ? packed(vectors) : copied(vectors);
    return {std::move(region), row_bytes(scalar, vectors.cols()), vectors.rows(), vectors.cols(), metric, scalar};
}

RowStore RowStore::view_of(MatrixView<const float> vectors, Metric metric, std::shared_ptr<const void> owner) {
    if (metric == Metric::kHamming) return copy_of(vectors, metric);
    check_columns(vectors);
    check_finite(vectors, "vectors");
    const std::size_t span = vectors.empty() ? 0 : (vectors.rows() - 1) * vectors.stride() + vectors.cols();
    storage::Region region(std::as_bytes(std::span(vectors.data(), span)), std::move(owner));
    return {std::move(region), vectors.stride() * sizeof(float), vectors.rows(), vectors.cols(), metric,
            Scalar::kFloat32};
}

RowStore RowStore::of_stored(storage::Region region, std::size_t count, std::size_t dim, Metric metric) {
    const Scalar scalar = scalar_of(metric);
    return {std::move(region), row_bytes(scalar, dim), count, dim, metric, scalar};
}

RowStore RowStore::open(const storage::FileReader& file) {
    const storage::FileDescription& description = file.description();
    const Scalar scalar = description.scalar;
    if (description.dim == 0) {
        throw CorruptFile(file.path(), offsetof(storage::FileHeader, dim), "at least 1 dimension", "0");
    }
    RowStore rows(file.vectors(), row_bytes(scalar, description.dim), description.count, description.dim,
                  description.metric, scalar);
    if (file.has(storage::SectionKind::kSteps)) rows.read_steps(file);
    return rows;
}

void RowStore::read_steps(const storage::FileReader& file) {
    if (scalar_ != Scalar::kInt8 && scalar_ != Scalar::kUint8) {
        throw CorruptFile(file.path(), offsetof(storage::FileHeader, scalar),
                          "int8 or uint8 vectors, as there are steps", std::string(name(scalar_)));
    }
    const bool each = metric_ == Metric::kAngular;
    const storage::Region steps =
        file.require(storage::SectionKind::kSteps, file.checked_size(each ? count_ : 1, sizeof(float)));
    if (each) {
        row_steps_ = steps;
        step_ = 1;
        return;
    }
    step_ = steps.as<float>().front();
    if (!is_sound_step(step_)) {
        throw CorruptFile(file.path(), 0, "a step that is a positive number of moderate size",
                          formatted("{}", step_));
    }
}

RowStore RowStore::narrowed(RowStore rows, std::size_t threads) {
    if (rows.scalar_ != Scalar::kFloat32 || rows.count_ == 0) return rows;
    const auto elements = [&](std::size_t i) { return std::span(elements_of<float>(rows.row(i)), rows.dim_); };
    std::atomic<NarrowTypes> fitting = fitting_types(elements(0), kAllNarrowTypes);
    parallel_ranges(rows.count_, kGrain, threads, [&](std::size_t from, std::size_t to, std::size_t) {
        for (std::size_t i = from; i < to && fitting != 0; ++i) {
            fitting &= fitting_types(elements(i), fitting);
        }
    });
    const Scalar scalar = narrowest(fitting);
    if (scalar == Scalar::kFloat32) return rows;
    const std::size_t stride = row_bytes(scalar, rows.dim_);
    storage::Buffer buffer(rows.count_ * stride);
    auto* const out = buffer.as<std::byte>().data();
    parallel_ranges(rows.count_, kGrain, threads, [&](std::size_t from, std::size_t to, std::size_t) {
        for (std::size_t i = from; i < to; ++i) to_narrow(elements(i), scalar, out + i * stride);
    });
    return {std::move(buffer).freeze(), stride, rows.count_, rows.dim_, rows.metric_, scalar};
}

RowStore RowStore::compressed(const RowStore& rows, std::size_t threads) {
    RowStore narrow = narrowed(rows, threads);
    if (rows.count_ == 0 || row_bytes(narrow.scalar_, rows.dim_) <= rows.dim_) return narrow;
    CompressedRows bytes = compress([&](std::size_t i, std::span<float> out) { rows.get(i, out); }, rows.count_,
                                    rows.dim_, rows.metric_ == Metric::kAngular, threads);
    RowStore out(std::move(bytes.bytes), rows.dim_, rows.count_, rows.dim_, rows.metric_, bytes.scalar);
    out.step_ = bytes.row_steps.empty() ? bytes.step : 1.0F;
    out.row_steps_ = std::move(bytes.row_steps);
    return out;
}

std::size_t RowStore::length() const noexcept {
    return scalar_ == Scalar::kBits ? words_of(dim_) : dim_;
}

float RowStore::step() const noexcept {
    float largest = 0;
    for (const float each : row_steps_.as<float>()) {
        if (is_sound_step(each)) largest = std::max(largest, each);
    }
    return row_steps_.empty() ? step_ : largest;
}

float RowStore::step_of(std::size_t i) const noexcept {
    if (row_steps_.empty()) return step_;
    const float step = row_steps_.as<float>()[i];
    return is_sound_step(step) ? step : 0;
}

const void* RowStore::as_row(std::span<const float> vector, QueryMemory& memory) const {
    if (scalar_ == Scalar::kBits) {
        memory.words.resize(words_of(dim_));
        pack_bits(vector, memory.words.data());
        return memory.words.data();
    }
    if (step_ == 0 || (metric_ != Metric::kEuclidean && metric_ != Metric::kManhattan)) return vector.data();
    // A query so far away stays a number.
    constexpr float kMost = std::numeric_limits<float>::max();
    memory.scaled.resize(vector.size());
    std::ranges::transform(vector, memory.scaled.begin(),
                           [&](float x) { return std::clamp(x / step_, -kMost, kMost); });
    return memory.scaled.data();
}

const void* RowStore::as_query(std::size_t i, std::span<float> memory) const noexcept {
    if (scalar_ == Scalar::kFloat32 || scalar_ == Scalar::kBits) return row(i);
    if (metric_ == Metric::kDot) {
        get(i, memory.first(dim_));
    } else {
        kernel::widen_elements(row(i), scalar_, memory.first(dim_));
    }
    return memory.data();
}

void RowStore::get(std::size_t i, std::span<float> out) const noexcept {
    if (scalar_ == Scalar::kBits) {
        const auto* const words = elements_of<std::uint64_t>(row(i));
        for (std::size_t d = 0; d < out.size(); ++d) out[d] = static_cast<float>(words[d / 64] >> (d % 64) & 1);
        return;
    }
    kernel::widen_elements(row(i), scalar_, out);
    if (step_ == 0) return;
    const float step = step_of(i);
    for (float& x : out) x *= step;
}

void RowStore::get_query(std::size_t i, std::span<float> out) const noexcept {
    if (step_ > 0 && metric_ == Metric::kAngular) return kernel::widen_elements(row(i), scalar_, out);
    get(i, out);
}

float RowStore::distance(std::size_t a, std::size_t b) const {
    std::vector<float> memory(dim_);
    return distance_of(kernels_.pair(as_query(a, memory), row(b), length()));
}

void RowStore::write(storage::FileWriter& writer) const {
    if (writer.has(storage::SectionKind::kVectors)) return;
    writer.begin(storage::SectionKind::kVectors);
    const std::size_t bytes = row_bytes(scalar_, dim_);
    const bool as_they_are = writer.description().scalar == scalar_;
    if (!as_they_are) {
        std::vector<float> row(dim_);
        for (std::size_t i = 0; i < count_; ++i) {
            get(i, row);
            writer.write(std::span<const float>(row));
        }
    } else if (stride_ == bytes) {
        writer.write(std::span(data(), count_ * bytes));
    } else {
        for (std::size_t i = 0; i < count_; ++i) writer.write(std::span(row(i), bytes));
    }
    writer.end();
    if (!as_they_are || step_ == 0) return;
    if (row_steps_.empty()) {
        writer.add(storage::SectionKind::kSteps, std::span(&step_, 1));
    } else {
        writer.add(storage::SectionKind::kSteps, row_steps_.as<float>());
    }
}

void check_compressible(const RowStore& rows) {
    if (rows.metric() != Metric::kHamming) return;
    throw InvalidArgument("compress is true for hamming vectors, which are bits already; leave it false");
}

RowStore settle_rows(RowStore& rows, bool compress, std::size_t threads) {
    if (!compress) {
        rows = RowStore::narrowed(std::move(rows), threads);
        return rows;
    }
    RowStore given = std::move(rows);
    rows = RowStore::compressed(given, threads);
    return given;
}

}  // namespace kith::index
