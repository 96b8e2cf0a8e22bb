#include <kith/flat.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "base/metric.hpp"
#include "base/top_k.hpp"
#include "index/checks.hpp"
#include "index/exact.hpp"
#include "index/row_store.hpp"
#include "index/selection.hpp"
#include "kernel/nibble_store.hpp"

namespace kith {
namespace {

// Rows that all queries of a block are compared with before the next ones are fetched: what stays in a core's own
// cache beside the queries.
constexpr std::size_t kBlockBytes = std::size_t{1} << 17;
constexpr std::size_t kMostBlockRows = 1024;
static_assert(kMostBlockRows >= kernel::kProbeRows);
constexpr std::size_t kLeastBlockRows = 16;

// Fewer than one row in so many are fetched one by one; more are passed over in a scan.
constexpr std::size_t kFewShare = 4;

}  // namespace

struct FlatIndex::Impl {
    explicit Impl(index::RowStore store) : rows(std::move(store)) {}
    // `mapped` is the codes that a file holds.
    Impl(index::RowStore store, storage::Region mapped)
        : rows(std::move(store)), codes_region(std::move(mapped)), codes(codes_region.bytes()) {}

    index::RowStore rows;
    storage::Region codes_region;
    kernel::NibbleStore codes;

    [[nodiscard]] kernel::FloatRowsView floats() const noexcept {
        return {rows.data(), rows.stride(), rows.count(), rows.dim()};
    }
    [[nodiscard]] bool has_codes() const noexcept {
        return kernel::has_nibbles(rows.metric(), rows.scalar(), rows.count(), rows.dim());
    }

    // Probes for these queries, or none where codes do not help.
    std::span<kernel::NibbleProbe> probe(std::span<const void* const> queries) const {
        if (rows.scalar() != Scalar::kFloat32) return {};
        const kernel::NibbleRows* const coded = codes.serve(floats(), rows.metric(), queries.size());
        if (coded == nullptr) return {};
        thread_local std::vector<kernel::NibbleProbe> probes;
        if (probes.size() < queries.size()) probes.resize(queries.size());
        for (std::size_t q = 0; q < queries.size(); ++q) {
            probes[q].reset(*coded, static_cast<const float*>(queries[q]));
        }
        return {probes.data(), queries.size()};
    }

    // Pushes to tops[i] the rank, for query i, of every row that is allowed and could be among the best.
    void scan(std::span<const void* const> queries, const index::Selection& selection, std::span<TopK> tops) const {
        const std::span<kernel::NibbleProbe> probes = probe(queries);
        const std::size_t step = probes.empty()
                                     ? std::clamp(kBlockBytes / rows.stride(), kLeastBlockRows, kMostBlockRows)
                                     : kernel::kProbeRows;
        const std::size_t blocks = (rows.count() + step - 1) / step;
        const kernel::SpreadOrder order(blocks);
        for (std::size_t b = 0; b < blocks; ++b) {
            const std::size_t first = (probes.empty() ? b : order[b]) * step;
            const std::size_t last = std::min(first + step, rows.count());
            for (std::size_t q = 0; q < queries.size(); ++q) {
                kernel::probe_block(
                    probes.empty() ? nullptr : &probes[q], first, last, tops[q].threshold(),
                    [&](std::span<const std::uint32_t> ids) { rank_some(queries[q], selection, ids, tops[q]); },
                    [&] { rank_all(queries[q], selection, first, last, tops[q]); });
            }
        }
    }

    void rank_some(const void* query, const index::Selection& selection, std::span<const std::uint32_t> ids,
                   TopK& top) const {
        if (selection.everything()) return index::rank_rows(rows.access(), query, ids, top);
        thread_local std::vector<std::uint32_t> allowed;
        allowed.clear();
        std::ranges::copy_if(ids, std::back_inserter(allowed),
                             [&](std::uint32_t id) { return selection.allows(id); });
        index::rank_rows(rows.access(), query, allowed, top);
    }

    void rank_all(const void* query, const index::Selection& selection, std::size_t first, std::size_t last,
                  TopK& top) const {
        std::array<float, kMostBlockRows> ranks;
        rows.kernels().scan(query, rows.row(first), rows.stride(), last - first, rows.length(), ranks.data());
        push(selection, {ranks.data(), last - first}, first, top);
    }

    static void push(const index::Selection& selection, std::span<const float> ranks, std::size_t first,
                     TopK& top) {
        if (selection.everything()) {
            for (std::size_t i = 0; i < ranks.size(); ++i) top.push(ranks[i], static_cast<Id>(first + i));
            return;
        }
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            const auto id = static_cast<Id>(first + i);
            if (!(ranks[i] > top.threshold()) && selection.allows(id)) top.push(ranks[i], id);
        }
    }

    // The same where few rows are allowed, which are listed once.
    void scan_allowed(std::span<const void* const> queries, const index::Selection& selection,
                      std::span<TopK> tops) const {
        thread_local std::vector<std::uint32_t> ids;
        ids.clear();
        selection.append_to(ids);
        for (std::size_t q = 0; q < queries.size(); ++q) rank_rows(rows.access(), queries[q], ids, tops[q]);
    }

    void collect(TopK& top, Neighbors& out) const {
        out.clear();
        for (const Candidate& each : top.sorted()) {
            out.ids.push_back(each.id);
            out.distances.push_back(rows.distance_of(each.rank));
        }
    }

    // `queries` are rows as stored. Results go to out[i].
    void search(std::span<const void* const> queries, const SearchOptions& options,
                const index::Selection& selection, std::span<Neighbors> out) const {
        // One set of heaps per thread: searches allocate nothing once it has grown.
        thread_local std::vector<TopK> tops;
        if (tops.size() < queries.size()) tops.resize(queries.size());
        for (std::size_t q = 0; q < queries.size(); ++q) tops[q].reset(std::min(options.k, rows.count()));
        if (options.k > 0) {
            const bool few = selection.filtered() && selection.count() < rows.count() / kFewShare;
            few ? scan_allowed(queries, selection, tops) : scan(queries, selection, tops);
        }
        for (std::size_t q = 0; q < queries.size(); ++q) collect(tops[q], out[q]);
    }
};

FlatIndex::FlatIndex(MatrixView<const float> vectors, Metric metric)
    : FlatIndex(std::make_unique<const Impl>(index::RowStore::copy_of(vectors, metric))) {}
FlatIndex::FlatIndex(std::unique_ptr<const Impl> impl) noexcept : impl_(std::move(impl)) {}
FlatIndex::FlatIndex(FlatIndex&&) noexcept = default;
FlatIndex& FlatIndex::operator=(FlatIndex&&) noexcept = default;
FlatIndex::~FlatIndex() = default;

FlatIndex FlatIndex::view(MatrixView<const float> vectors, Metric metric, std::shared_ptr<const void> owner) {
    return FlatIndex(std::make_unique<const Impl>(index::RowStore::view_of(vectors, metric, std::move(owner))));
}

FlatIndex FlatIndex::open(const std::string& path, const OpenOptions& options) {
    const storage::FileReader file(path, options.prefault ? storage::Prefault::kYes : storage::Prefault::kNo);
    index::RowStore rows = index::RowStore::open(file);
    storage::Region codes;
    if (file.has(storage::SectionKind::kNibbleRows)) codes = file.require(storage::SectionKind::kNibbleRows);
    if (!kernel::NibbleRows::fits(codes.bytes(), rows.metric(), rows.count(), rows.dim())) {
        return FlatIndex(std::make_unique<const Impl>(std::move(rows)));
    }
    return FlatIndex(std::make_unique<const Impl>(std::move(rows), std::move(codes)));
}

Metric FlatIndex::metric() const noexcept {
    return impl_->rows.metric();
}

std::size_t FlatIndex::dim() const noexcept {
    return impl_->rows.dim();
}

Scalar FlatIndex::scalar() const noexcept {
    return impl_->rows.scalar();
}

float FlatIndex::step() const noexcept {
    return impl_->rows.step();
}

std::size_t FlatIndex::size() const noexcept {
    return impl_->rows.count();
}

bool FlatIndex::contains(Id id) const noexcept {
    return id >= 0 && static_cast<std::size_t>(id) < size();
}

void FlatIndex::search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const {
    search_block({query.data(), 1, query.size()}, options, {&out, 1});
}

void FlatIndex::search_block(MatrixView<const float> queries, const SearchOptions& options,
                             std::span<Neighbors> out) const {
    thread_local std::vector<index::QueryMemory> memory;
    thread_local std::vector<const void*> rows;
    if (memory.size() < queries.rows()) memory.resize(queries.rows());
    rows.clear();
    for (std::size_t i = 0; i < queries.rows(); ++i) {
        index::check_query(queries.row(i), dim());
        rows.push_back(impl_->rows.as_row(queries.row(i), memory[i]));
    }
    index::check_options(options);
    impl_->search(rows, options, index::Selection(options, size()), out);
}

void FlatIndex::search_item(Id id, const SearchOptions& options, Neighbors& out) const {
    index::check_id(id, size());
    thread_local std::vector<float> memory;
    memory.resize(dim());
    const void* const row = impl_->rows.as_query(static_cast<std::size_t>(id), memory);
    index::check_options(options);
    impl_->search({&row, 1}, options, index::Selection(options, size(), id), {&out, 1});
}

void FlatIndex::range_search(std::span<const float> query, float radius, const SearchOptions& options,
                             Neighbors& out) const {
    index::check_options(options);
    index::check_query(query, dim());
    index::check_radius(radius);
    const index::Selection selection(options, size());
    index::QueryMemory memory;
    const void* const row = impl_->rows.as_row(query, memory);
    const std::span<kernel::NibbleProbe> probes = impl_->probe({&row, 1});
    index::range_over(
        impl_->rows.access(), row, radius, options.k, [&](Id id) { return selection.allows(id); },
        probes.empty() ? nullptr : probes.data(), out);
}

void FlatIndex::get_vector(Id id, std::span<float> out) const {
    index::check_id(id, size());
    index::check_output(out, dim());
    impl_->rows.get(static_cast<std::size_t>(id), out);
}

float FlatIndex::distance(Id a, Id b) const {
    index::check_id(a, size());
    index::check_id(b, size());
    return impl_->rows.distance(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
}

void FlatIndex::save(const std::string& path) const {
    const index::RowStore& rows = impl_->rows;
    storage::FileWriter writer(path, {static_cast<std::uint8_t>(IndexKind::kFlat), rows.metric(), rows.scalar(),
                                      rows.dim(), rows.count()});
    write_sections(writer);
    writer.commit();
}

void FlatIndex::write_sections(storage::FileWriter& writer) const {
    impl_->rows.write(writer);
    if (impl_->has_codes() && !writer.has(storage::SectionKind::kNibbleRows)) {
        writer.add(storage::SectionKind::kNibbleRows, impl_->codes.make(impl_->floats(), metric()));
    }
}

}  // namespace kith
