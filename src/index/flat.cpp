#include <kith/flat.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/metric.hpp"
#include "base/top_k.hpp"
#include "index/checks.hpp"
#include "kernel/select.hpp"
#include "kernel/support.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"
#include "storage/region.hpp"

namespace kith {
namespace {

// Rows that all queries of a block are compared with before the next ones are fetched: what stays in a core's own
// cache beside the queries.
constexpr std::size_t kBlockBytes = std::size_t{1} << 17;
constexpr std::size_t kMostBlockRows = 1024;
constexpr std::size_t kLeastBlockRows = 16;

void pack_bits(std::span<const float> row, std::uint64_t* words) noexcept {
    std::fill_n(words, (row.size() + 63) / 64, 0);
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i] > 0.5F) words[i / 64] |= std::uint64_t{1} << (i % 64);
    }
}

storage::Region pack_bits(MatrixView<const float> vectors) {
    const std::size_t words = (vectors.cols() + 63) / 64;
    storage::Buffer buffer(vectors.rows() * words * sizeof(std::uint64_t));
    for (std::size_t i = 0; i < vectors.rows(); ++i) {
        pack_bits(vectors.row(i), buffer.as<std::uint64_t>().data() + i * words);
    }
    return std::move(buffer).freeze();
}

storage::Region copy_rows(MatrixView<const float> vectors) {
    storage::Buffer buffer(vectors.rows() * vectors.cols() * sizeof(float));
    for (std::size_t i = 0; i < vectors.rows(); ++i) {
        std::memcpy(buffer.as<float>().data() + i * vectors.cols(), vectors.row(i).data(),
                    vectors.cols() * sizeof(float));
    }
    return std::move(buffer).freeze();
}

void check_vectors(MatrixView<const float> vectors) {
    if (vectors.cols() == 0) throw InvalidArgument("vectors has no columns; an index has at least 1 dimension");
    index::check_finite(vectors, "vectors");
}

}  // namespace

struct FlatIndex::Impl {
    storage::Region region;  // keeps the rows alive
    const std::byte* rows;
    std::size_t stride;  // bytes from one row to the next
    std::size_t count;
    std::size_t dim;
    Metric metric;
    Scalar scalar;
    kernel::DistanceKernels kernels;

    Impl(storage::Region region_, std::size_t stride_, std::size_t count_, std::size_t dim_, Metric metric_,
         Scalar scalar_)
        : region(std::move(region_)),
          rows(region.data()),
          stride(stride_),
          count(count_),
          dim(dim_),
          metric(metric_),
          scalar(scalar_),
          kernels(kernel::kernels_for(kernel::active(), metric_, scalar_)) {}

    // Rows without padding.
    static std::unique_ptr<const Impl> packed(storage::Region region, std::size_t count, std::size_t dim,
                                              Metric metric, Scalar scalar) {
        return std::make_unique<const Impl>(std::move(region), row_bytes(scalar, dim), count, dim, metric, scalar);
    }
    static std::unique_ptr<const Impl> copied(MatrixView<const float> vectors, Metric metric) {
        check_vectors(vectors);
        const bool bits = metric == Metric::kHamming;
        return packed(bits ? pack_bits(vectors) : copy_rows(vectors), vectors.rows(), vectors.cols(), metric,
                      bits ? Scalar::kBits : Scalar::kFloat32);
    }

    [[nodiscard]] const std::byte* row(std::size_t i) const noexcept { return rows + i * stride; }

    // As the kernels count: elements, or 64-bit words.
    [[nodiscard]] std::size_t length() const noexcept { return scalar == Scalar::kBits ? (dim + 63) / 64 : dim; }

    [[nodiscard]] std::size_t block_rows() const noexcept {
        return std::clamp(kBlockBytes / stride, kLeastBlockRows, kMostBlockRows);
    }

    // Pushes every row's rank for query i to tops[i].
    void scan(std::span<const void* const> queries, std::span<TopK> tops) const {
        std::array<float, kMostBlockRows> ranks;
        const std::size_t step = block_rows();
        for (std::size_t first = 0; first < count; first += step) {
            const std::size_t n = std::min(step, count - first);
            for (std::size_t q = 0; q < queries.size(); ++q) {
                kernels.scan(queries[q], row(first), stride, n, length(), ranks.data());
                for (std::size_t i = 0; i < n; ++i) tops[q].push(ranks[i], static_cast<Id>(first + i));
            }
        }
    }

    void collect(TopK& top, Neighbors& out) const {
        out.clear();
        for (const Candidate& each : top.sorted()) {
            out.ids.push_back(each.id);
            out.distances.push_back(display(metric, each.rank));
        }
    }

    // `queries` are rows as stored. Results go to out[i].
    void search(std::span<const void* const> queries, const SearchOptions& options,
                std::span<Neighbors> out) const {
        index::check_options(options);
        // One set of heaps per thread: searches allocate nothing once it has grown.
        thread_local std::vector<TopK> tops;
        if (tops.size() < queries.size()) tops.resize(queries.size());
        for (std::size_t q = 0; q < queries.size(); ++q) tops[q].reset(std::min(options.k, count));
        if (options.k > 0) scan(queries, tops);
        for (std::size_t q = 0; q < queries.size(); ++q) collect(tops[q], out[q]);
    }
};

FlatIndex::FlatIndex(MatrixView<const float> vectors, Metric metric) : impl_(Impl::copied(vectors, metric)) {}
FlatIndex::FlatIndex(std::unique_ptr<const Impl> impl) noexcept : impl_(std::move(impl)) {}
FlatIndex::FlatIndex(FlatIndex&&) noexcept = default;
FlatIndex& FlatIndex::operator=(FlatIndex&&) noexcept = default;
FlatIndex::~FlatIndex() = default;

FlatIndex FlatIndex::view(MatrixView<const float> vectors, Metric metric, std::shared_ptr<const void> owner) {
    if (metric == Metric::kHamming) return {vectors, metric};
    check_vectors(vectors);
    const std::size_t stride = vectors.stride();
    const std::size_t span = vectors.empty() ? 0 : (vectors.rows() - 1) * stride + vectors.cols();
    storage::Region region(std::as_bytes(std::span(vectors.data(), span)), std::move(owner));
    return FlatIndex(std::make_unique<const Impl>(std::move(region), stride * sizeof(float), vectors.rows(),
                                                  vectors.cols(), metric, Scalar::kFloat32));
}

FlatIndex FlatIndex::open(const std::string& path, const OpenOptions& options) {
    const storage::FileReader file(path, options.prefault ? storage::Prefault::kYes : storage::Prefault::kNo);
    const storage::FileDescription& description = file.description();
    const Scalar scalar = description.scalar;
    if (description.dim == 0) {
        throw CorruptFile(path, offsetof(storage::FileHeader, dim), "at least 1 dimension", "0");
    }
    if (scalar != Scalar::kFloat32 && scalar != Scalar::kBits) {
        throw Unsupported(fmt::format("'{}' holds {} vectors; exact search takes float32, or bits for hamming",
                                      path, name(scalar)));
    }
    return FlatIndex(Impl::packed(file.vectors(), description.count, description.dim, description.metric, scalar));
}

Metric FlatIndex::metric() const noexcept {
    return impl_->metric;
}

std::size_t FlatIndex::dim() const noexcept {
    return impl_->dim;
}

std::size_t FlatIndex::size() const noexcept {
    return impl_->count;
}

bool FlatIndex::contains(Id id) const noexcept {
    return id >= 0 && static_cast<std::size_t>(id) < impl_->count;
}

void FlatIndex::search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const {
    search_block({query.data(), 1, query.size()}, options, {&out, 1});
}

void FlatIndex::search_block(MatrixView<const float> queries, const SearchOptions& options,
                             std::span<Neighbors> out) const {
    thread_local std::vector<std::uint64_t> bits;
    thread_local std::vector<const void*> rows;
    const bool packs = impl_->scalar == Scalar::kBits;
    const std::size_t words = impl_->length();
    if (packs) bits.resize(queries.rows() * words);
    rows.clear();
    for (std::size_t i = 0; i < queries.rows(); ++i) {
        index::check_query(queries.row(i), impl_->dim);
        if (packs) pack_bits(queries.row(i), bits.data() + i * words);
        rows.push_back(packs ? static_cast<const void*>(bits.data() + i * words) : queries.row(i).data());
    }
    impl_->search(rows, options, out);
}

void FlatIndex::search_item(Id id, const SearchOptions& options, Neighbors& out) const {
    index::check_id(id, impl_->count);
    const void* const row = impl_->row(static_cast<std::size_t>(id));
    impl_->search({&row, 1}, options, {&out, 1});
}

void FlatIndex::get_vector(Id id, std::span<float> out) const {
    index::check_id(id, impl_->count);
    index::check_output(out, impl_->dim);
    const std::byte* const row = impl_->row(static_cast<std::size_t>(id));
    if (impl_->scalar == Scalar::kFloat32) {
        std::memcpy(out.data(), row, out.size_bytes());
        return;
    }
    const auto* const words = reinterpret_cast<const std::uint64_t*>(row);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(words[i / 64] >> (i % 64) & 1);
}

float FlatIndex::distance(Id a, Id b) const {
    index::check_id(a, impl_->count);
    index::check_id(b, impl_->count);
    const float rank = impl_->kernels.pair(impl_->row(static_cast<std::size_t>(a)),
                                           impl_->row(static_cast<std::size_t>(b)), impl_->length());
    return display(impl_->metric, rank);
}

void FlatIndex::save(const std::string& path) const {
    storage::FileWriter writer(path, {static_cast<std::uint8_t>(IndexKind::kFlat), impl_->metric, impl_->scalar,
                                      impl_->dim, impl_->count});
    write_sections(writer);
    writer.commit();
}

void FlatIndex::write_sections(storage::FileWriter& writer) const {
    if (writer.has(storage::SectionKind::kVectors)) return;
    writer.begin(storage::SectionKind::kVectors);
    const std::size_t bytes = row_bytes(impl_->scalar, impl_->dim);
    if (impl_->stride == bytes) {
        writer.write(std::span(impl_->rows, impl_->count * bytes));
    } else {
        for (std::size_t i = 0; i < impl_->count; ++i) writer.write(std::span(impl_->row(i), bytes));
    }
    writer.end();
}

}  // namespace kith
