#include <kith/dynamic.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "index/checks.hpp"
#include "index/dynamic/dynamic_file.hpp"
#include "index/dynamic/snapshot.hpp"

namespace kith {
namespace {

using index::ItemRows;
using index::Snapshot;

// Lets the builder of graphs judge the options.
void check_graph_options(const GraphOptions& options, std::size_t dim) {
    const Matrix none(0, dim);
    (void)GraphIndex::build(none.view(), options);
}

void check_new_ids(const Snapshot& now, std::span<const Id> ids) {
    std::unordered_set<Id> seen;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (ids[i] < 0 || ids[i] == std::numeric_limits<Id>::max()) {
            throw InvalidArgument(formatted("ids[{}] is {}; ids run from 0 to 2^63 - 2", i, ids[i]));
        }
        if (!seen.insert(ids[i]).second) throw InvalidArgument(formatted("ids[{}] is {} again", i, ids[i]));
        if (ids[i] < now.next_id && now.find(ids[i])) {
            throw InvalidArgument(formatted("ids[{}] is {}, which is there already; remove it first", i, ids[i]));
        }
    }
}

[[noreturn]] void no_item(Id id) {
    throw OutOfRange(formatted("there is no item {}", id));
}

}  // namespace

struct DynamicIndex::Impl {
    Impl(Snapshot first, const DynamicOptions& chosen)
        : metric(first.metric),
          dim(first.dim),
          options(chosen.graph),
          now(std::make_shared<const Snapshot>(std::move(first))) {}

    Metric metric;
    std::size_t dim;
    GraphOptions options;
    std::mutex changing;            // held by the one who changes
    mutable std::mutex publishing;  // held to read or set `now` only
    std::shared_ptr<const Snapshot> now;

    [[nodiscard]] std::shared_ptr<const Snapshot> get() const {
        const std::lock_guard lock(publishing);
        return now;
    }
    // The old snapshot, which may be the last to hold a graph, goes outside the lock.
    void publish(Snapshot next) {
        auto shared = std::make_shared<const Snapshot>(std::move(next));
        const std::lock_guard lock(publishing);
        now.swap(shared);
    }

    void add(const Snapshot& before, MatrixView<const float> vectors, std::span<const Id> ids,
             const ProgressFn& progress) {
        Snapshot next = before;
        if (!ids.empty()) next.next_id = std::max(next.next_id, *std::ranges::max_element(ids) + 1);
        if (next.waiting.size() + ids.size() <= next.waiting.capacity()) {
            for (std::size_t i = 0; i < ids.size(); ++i) next.waiting.append(ids[i], vectors.row(i));
        } else {
            ItemRows more;
            more.dim = dim;
            for (std::size_t i = 0; i < ids.size(); ++i) more.add(ids[i], vectors.row(i));
            index::merge(next, std::move(more), options, progress);
        }
        publish(std::move(next));
    }

    void check_vectors(MatrixView<const float> vectors) const {
        if (vectors.cols() != dim) {
            throw InvalidArgument(
                formatted("vectors has {} columns; the index has {} dimensions", vectors.cols(), dim));
        }
        index::check_finite(vectors, "vectors");
    }
};

DynamicIndex::DynamicIndex(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
DynamicIndex::DynamicIndex(DynamicIndex&&) noexcept = default;
DynamicIndex& DynamicIndex::operator=(DynamicIndex&&) noexcept = default;
DynamicIndex::~DynamicIndex() = default;

DynamicIndex::DynamicIndex(std::size_t dim, const DynamicOptions& options) {
    check_graph_options(options.graph, dim);
    if (options.buffer > index::kMostWaiting) {
        throw InvalidArgument(
            formatted("buffer is {}; it must be between 0 and {}", options.buffer, index::kMostWaiting));
    }
    const Metric metric = options.graph.metric;
    const std::size_t capacity = options.buffer > 0 ? options.buffer : index::buffer_capacity(metric, dim);
    impl_ =
        std::make_unique<Impl>(Snapshot{metric, dim, {}, index::WaitingItems(metric, dim, capacity), 0}, options);
}

DynamicIndex DynamicIndex::grow(const GraphIndex& graph, const DynamicOptions& options) {
    DynamicOptions mine = options;
    mine.graph.metric = graph.metric();
    DynamicIndex out(graph.dim(), mine);
    if (graph.size() == 0) return out;
    storage::Buffer ids(graph.size() * sizeof(Id));
    std::iota(ids.as<Id>().begin(), ids.as<Id>().end(), Id{0});
    Snapshot next = *out.impl_->now;
    next.segments.push_back(std::make_shared<const index::Segment>(graph, std::move(ids).freeze(), nullptr));
    next.next_id = static_cast<Id>(graph.size());
    out.impl_->publish(std::move(next));
    return out;
}

DynamicIndex DynamicIndex::open(const std::string& path, const OpenOptions& options, std::size_t threads) {
    DynamicOptions mine;
    mine.graph.threads = threads;
    const storage::FileReader file(path, options.prefault ? storage::Prefault::kYes : storage::Prefault::kNo);
    if (static_cast<IndexKind>(file.description().kind) == IndexKind::kGraph) {
        const GraphIndex graph = GraphIndex::open(path, options);
        mine.graph.degree = graph.degree();
        return grow(graph, mine);
    }
    Snapshot first = index::read_dynamic(file, mine.graph);
    return DynamicIndex(std::make_unique<Impl>(std::move(first), mine));
}

Id DynamicIndex::add(MatrixView<const float> vectors, const ProgressFn& progress) {
    const std::lock_guard lock(impl_->changing);
    impl_->check_vectors(vectors);
    const std::shared_ptr<const Snapshot> before = impl_->get();
    if (vectors.rows() > static_cast<std::size_t>(std::numeric_limits<Id>::max() - before->next_id)) {
        throw InvalidArgument(
            formatted("{} vectors without ids would take them beyond 2^63 - 2, as the next is {}; "
                      "give ids that are free",
                      vectors.rows(), before->next_id));
    }
    std::vector<Id> ids(vectors.rows());
    std::iota(ids.begin(), ids.end(), before->next_id);
    impl_->add(*before, vectors, ids, progress);
    return before->next_id;
}

void DynamicIndex::add(MatrixView<const float> vectors, std::span<const Id> ids, const ProgressFn& progress) {
    const std::lock_guard lock(impl_->changing);
    impl_->check_vectors(vectors);
    if (ids.size() != vectors.rows()) {
        throw InvalidArgument(formatted("there are {} ids for {} vectors", ids.size(), vectors.rows()));
    }
    const std::shared_ptr<const Snapshot> before = impl_->get();
    check_new_ids(*before, ids);
    impl_->add(*before, vectors, ids, progress);
}

void DynamicIndex::remove(std::span<const Id> ids, const ProgressFn& progress) {
    const std::lock_guard lock(impl_->changing);
    Snapshot next = *impl_->get();
    std::vector<std::vector<Id>> rows(next.segments.size());
    std::unordered_set<Id> seen;
    for (const Id id : ids) {
        if (!seen.insert(id).second) throw InvalidArgument(formatted("id {} is to be removed twice", id));
        const std::optional<Snapshot::Place> place = next.find(id);
        if (!place) no_item(id);
        if (place->segment < rows.size()) {
            rows[place->segment].push_back(static_cast<Id>(place->row));
        } else {
            next.waiting.remove(place->row);
        }
    }
    for (std::size_t s = 0; s < rows.size(); ++s) {
        if (rows[s].empty()) continue;
        next.segments[s] = std::make_shared<const index::Segment>(next.segments[s]->without(rows[s]));
    }
    index::clean(next, impl_->options, progress);
    impl_->publish(std::move(next));
}

void DynamicIndex::compact(const ProgressFn& progress) {
    const std::lock_guard lock(impl_->changing);
    Snapshot next = *impl_->get();
    index::merge_all(next, impl_->options, progress);
    impl_->publish(std::move(next));
}

std::size_t DynamicIndex::count() const noexcept {
    return impl_->get()->count();
}

std::size_t DynamicIndex::n_graphs() const noexcept {
    return impl_->get()->segments.size();
}

std::size_t DynamicIndex::buffered() const noexcept {
    return impl_->get()->waiting.count();
}

Metric DynamicIndex::metric() const noexcept {
    return impl_->metric;
}

std::size_t DynamicIndex::dim() const noexcept {
    return impl_->dim;
}

std::size_t DynamicIndex::size() const noexcept {
    return static_cast<std::size_t>(impl_->get()->next_id);
}

bool DynamicIndex::contains(Id id) const noexcept {
    return impl_->get()->find(id).has_value();
}

void DynamicIndex::search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const {
    index::check_options(options);
    index::check_query(query, dim());
    index::search_snapshot(*impl_->get(), query, options, {options.exclude, kNoId}, out);
}

void DynamicIndex::search_item(Id id, const SearchOptions& options, Neighbors& out) const {
    index::check_options(options);
    const std::shared_ptr<const Snapshot> now = impl_->get();
    std::vector<float> query(dim());
    if (!now->get(id, query)) no_item(id);
    index::search_snapshot(*now, query, options, {options.exclude, options.exclude_self ? id : kNoId}, out);
}

void DynamicIndex::range_search(std::span<const float> query, float radius, const SearchOptions& options,
                                Neighbors& out) const {
    index::check_options(options);
    index::check_query(query, dim());
    index::check_radius(radius);
    index::range_search_snapshot(*impl_->get(), query, radius, options, out);
}

void DynamicIndex::get_vector(Id id, std::span<float> out) const {
    index::check_output(out, dim());
    if (!impl_->get()->get(id, out)) no_item(id);
}

float DynamicIndex::distance(Id a, Id b) const {
    const std::shared_ptr<const Snapshot> now = impl_->get();
    Matrix both(2, dim());
    if (!now->get(a, both.row(0))) no_item(a);
    if (!now->get(b, both.row(1))) no_item(b);
    return index::RowStore::copy_of(both.view(), metric()).distance(0, 1);
}

void DynamicIndex::save(const std::string& path) const {
    const std::shared_ptr<const Snapshot> now = impl_->get();
    const Scalar scalar = now->waiting.rows().scalar();
    storage::FileWriter writer(
        path, {static_cast<std::uint8_t>(IndexKind::kDynamic), metric(), scalar, dim(), now->count()});
    index::write_dynamic(*now, impl_->options, writer);
    writer.commit();
}

void DynamicIndex::write_sections(storage::FileWriter& writer) const {
    index::write_dynamic(*impl_->get(), impl_->options, writer);
}

}  // namespace kith
