#include <kith/graph.hpp>

#include <utility>

#include "index/checks.hpp"
#include "index/exact.hpp"
#include "index/graph/build.hpp"
#include "index/graph/graph_data.hpp"
#include "index/graph/graph_file.hpp"
#include "index/graph/search.hpp"
#include "index/range.hpp"
#include "index/selection.hpp"

namespace kith {

GraphIndex GraphIndex::build(MatrixView<const float> vectors, const GraphOptions& options,
                             const ProgressFn& progress) {
    return GraphIndex(index::build_graph(index::RowStore::copy_of(vectors, options.metric), options, progress));
}

GraphIndex GraphIndex::open(const std::string& path, const OpenOptions& options) {
    const storage::FileReader file(path, options.prefault ? storage::Prefault::kYes : storage::Prefault::kNo);
    return GraphIndex(index::read_graph(file));
}

GraphIndex::GraphIndex(std::shared_ptr<const index::GraphData> data) noexcept : data_(std::move(data)) {}
GraphIndex::~GraphIndex() = default;

Metric GraphIndex::metric() const noexcept {
    return data_->rows.metric();
}

std::size_t GraphIndex::dim() const noexcept {
    return data_->rows.dim();
}

Scalar GraphIndex::scalar() const noexcept {
    return data_->rows.scalar();
}

float GraphIndex::step() const noexcept {
    return data_->rows.step();
}

std::size_t GraphIndex::size() const noexcept {
    return data_->rows.count();
}

bool GraphIndex::contains(Id id) const noexcept {
    return id >= 0 && static_cast<std::size_t>(id) < size();
}

std::size_t GraphIndex::degree() const noexcept {
    return data_->parameters.degree;
}

std::size_t GraphIndex::short_dim() const noexcept {
    return data_->parameters.short_dim;
}

std::size_t GraphIndex::overhead_bytes() const noexcept {
    return data_->links.size_bytes() + data_->short_rows.size() + data_->entries.size() + data_->centre.size() +
           data_->projection.size() + data_->byte_rows.size() + data_->rows.step_bytes();
}

std::span<const GraphRecallPoint> GraphIndex::recall_curve() const noexcept {
    return data_->curve;
}

void GraphIndex::search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const {
    index::check_options(options);
    index::check_query(query, dim());
    index::search_graph(*data_, query, options.k, index::resolve_effort(*data_, options),
                        index::Selection(options, size()), out);
}

void GraphIndex::range_search(std::span<const float> query, float radius, const SearchOptions& options,
                              Neighbors& out) const {
    index::check_radius(radius);
    if (index::search_outwards(*this, query, radius, options, size() / index::kExactShare, 0, out)) return;
    const index::Selection selection(options, size());
    index::QueryMemory memory;
    index::range_over(
        data_->rows.access(), data_->rows.as_row(query, memory), radius, options.k,
        [&](Id id) { return selection.allows(id); }, nullptr, out);
}

void GraphIndex::search_item(Id id, const SearchOptions& options, Neighbors& out) const {
    index::check_options(options);
    index::check_id(id, size());
    thread_local std::vector<float> query;
    query.resize(dim());
    data_->rows.get_query(static_cast<std::size_t>(id), query);
    index::search_graph(*data_, query, options.k, index::resolve_effort(*data_, options),
                        index::Selection(options, size(), id), out);
}

void GraphIndex::get_vector(Id id, std::span<float> out) const {
    index::check_id(id, size());
    index::check_output(out, dim());
    data_->rows.get(static_cast<std::size_t>(id), out);
}

float GraphIndex::distance(Id a, Id b) const {
    index::check_id(a, size());
    index::check_id(b, size());
    return data_->rows.distance(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
}

void GraphIndex::save(const std::string& path) const {
    const index::RowStore& rows = data_->rows;
    storage::FileWriter writer(path, {static_cast<std::uint8_t>(IndexKind::kGraph), rows.metric(), rows.scalar(),
                                      rows.dim(), rows.count()});
    write_sections(writer);
    writer.commit();
}

void GraphIndex::write_sections(storage::FileWriter& writer) const {
    index::write_graph(*data_, writer);
}

}  // namespace kith
