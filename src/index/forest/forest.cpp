// The public face of a built forest.
#include <kith/forest.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <kith/error.hpp>

#include "base/finite.hpp"
#include "base/format.hpp"
#include "base/metric.hpp"
#include "index/checks.hpp"
#include "index/exact.hpp"
#include "index/forest/ann_file.hpp"
#include "index/forest/forest_data.hpp"
#include "index/forest/item_node.hpp"
#include "index/forest/search.hpp"
#include "index/forest/section.hpp"
#include "index/forest/stepped_search.hpp"
#include "index/forest/verify.hpp"
#include "index/range.hpp"
#include "index/selection.hpp"

namespace kith {
namespace {

std::size_t checked_id(const index::ForestData& data, Id id) {
    if (id < 0 || static_cast<std::size_t>(id) >= data.n_items()) {
        throw OutOfRange(formatted("item id {} is out of range; the index has {} items", id, data.n_items()));
    }
    return static_cast<std::size_t>(id);
}

// Annoy's default is k candidates from each tree.
std::size_t default_effort(const index::ForestData& data, std::size_t k) {
    const auto [search_k, measured_k] = data.default_effort();
    if (search_k != 0 && k <= measured_k) return search_k;
    const double wanted =
        search_k == 0
            ? static_cast<double>(k) * static_cast<double>(data.roots().size())
            : std::ceil(static_cast<double>(search_k) * static_cast<double>(k) / static_cast<double>(measured_k));
    const std::size_t most = std::numeric_limits<std::size_t>::max();
    return wanted < static_cast<double>(most) ? static_cast<std::size_t>(wanted) : most;
}

std::size_t resolve_search_k(const index::ForestData& data, const SearchOptions& options) {
    if (options.search_k < -1) {
        throw InvalidArgument(
            formatted("search_k is {}; use a number of candidates, or -1 for k times the number "
                      "of trees",
                      options.search_k));
    }
    return options.search_k >= 0 ? static_cast<std::size_t>(options.search_k) : default_effort(data, options.k);
}

void check_query(const index::ForestData& data, std::span<const float> query) {
    if (query.size() != data.dim()) {
        throw InvalidArgument(
            formatted("query has {} elements; the index has {} dimensions", query.size(), data.dim()));
    }
    if (const std::size_t bad = first_not_finite(query); bad != query.size()) {
        throw InvalidArgument(formatted("element {} of the query is {}; it must be finite", bad, query[bad]));
    }
}

// The query as the items are stored; valid until the thread's next.
const void* stored_form(const index::ForestData& data, std::span<const float> query) {
    if (data.metric() != Metric::kHamming) return query.data();
    std::vector<std::uint64_t>& bits = index::thread_scratch().bits;
    bits.resize(data.elements());
    index::pack_bits(query, bits);
    return bits.data();
}

}  // namespace

Forest::Forest(std::shared_ptr<const index::ForestData> data) noexcept : data_(std::move(data)) {}
Forest::~Forest() = default;

Forest Forest::open_annoy(const std::string& path, Metric metric, std::size_t dim,
                          const AnnoyFileOptions& options) {
    return Forest(index::open_ann(path, metric, dim, options));
}

Forest Forest::open(const std::string& path, const OpenOptions& options) {
    return Forest(index::open_section(path, options.prefault));
}

Metric Forest::metric() const noexcept {
    return data_->metric();
}

std::size_t Forest::dim() const noexcept {
    return data_->dim();
}

std::size_t Forest::size() const noexcept {
    return data_->n_items();
}

std::size_t Forest::n_trees() const noexcept {
    return data_->roots().size();
}

std::size_t Forest::n_nodes() const noexcept {
    return data_->n_nodes();
}

std::size_t Forest::node_bytes() const noexcept {
    return data_->layout().node_bytes;
}

DotLayout Forest::dot_layout() const noexcept {
    return data_->dot_layout();
}

std::size_t Forest::default_search_k(std::size_t k) const noexcept {
    return default_effort(*data_, k);
}

bool Forest::contains(Id id) const noexcept {
    return id >= 0 && static_cast<std::size_t>(id) < size() && data_->is_item(static_cast<std::size_t>(id));
}

void Forest::search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const {
    check_query(*data_, query);
    const std::size_t search_k = resolve_search_k(*data_, options);
    index::search_forest(*data_, stored_form(*data_, query), index::Selection(options, size()), options.k, search_k,
                         out);
}

void Forest::search_item(Id id, const SearchOptions& options, Neighbors& out) const {
    const std::size_t item = checked_id(*data_, id);
    index::search_forest(*data_, data_->items().vector(item), index::Selection(options, size(), id), options.k,
                         resolve_search_k(*data_, options), out);
}

std::unique_ptr<index::SteppedSearch> Forest::stepped_search(std::span<const float> query,
                                                             const SearchOptions& options) const {
    check_query(*data_, query);
    static_cast<void>(resolve_search_k(*data_, options));
    return std::make_unique<index::SteppedSearch>(data_, stored_form(*data_, query),
                                                  index::Selection(options, size()), options.k);
}

void Forest::range_search(std::span<const float> query, float radius, const SearchOptions& options,
                          Neighbors& out) const {
    index::check_radius(radius);
    if (index::search_outwards(*this, query, radius, options, size() / index::kExactShare, 0, out)) return;
    const index::Selection selection(options, size());
    const index::Items& items = data_->items();
    const auto admits = [&](Id id) { return data_->is_item(static_cast<std::size_t>(id)) && selection.allows(id); };
    index::range_over({data_->distances(), items.vectors, items.stride, data_->elements(), size(), metric()},
                      stored_form(*data_, query), radius, options.k, admits, nullptr, out);
}

void Forest::get_vector(Id id, std::span<float> out) const {
    index::copy_vector(metric(), dim(), data_->items().vector(checked_id(*data_, id)), out);
}

float Forest::distance(Id a, Id b) const {
    const index::Items& items = data_->items();
    const void* const first = items.vector(checked_id(*data_, a));
    const void* const second = items.vector(checked_id(*data_, b));
    return display(metric(), data_->distances().pair(first, second, data_->elements()));
}

void Forest::save(const std::string& path) const {
    index::save_section(*data_, path);
}

void Forest::write_sections(storage::FileWriter& writer) const {
    index::write_section(*data_, writer);
}

void Forest::save_annoy(const std::string& path) const {
    index::write_ann(*data_, path);
}

void Forest::verify() const {
    index::verify_forest(*data_);
}

}  // namespace kith
