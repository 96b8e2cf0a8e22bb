#include <kith/coded_forest.hpp>

#include <utility>

#include "index/checks.hpp"
#include "index/coded/build.hpp"
#include "index/coded/coded_data.hpp"
#include "index/coded/coded_file.hpp"
#include "index/coded/search.hpp"
#include "index/exact.hpp"
#include "index/range.hpp"
#include "index/selection.hpp"

namespace kith {
namespace {

// Rows scored for each neighbour of a range: its neighbourhood spreads over the more leaves the larger it is.
constexpr std::size_t kRangeEffort = 64;

}  // namespace

CodedForest CodedForest::build(MatrixView<const float> vectors, const CodedForestOptions& options,
                               const ProgressFn& progress) {
    return CodedForest(index::build_coded(index::RowStore::copy_of(vectors, options.metric), options, progress));
}

CodedForest CodedForest::open(const std::string& path, const OpenOptions& options) {
    const storage::FileReader file(path, options.prefault ? storage::Prefault::kYes : storage::Prefault::kNo);
    return CodedForest(index::read_coded(file));
}

CodedForest::CodedForest(std::shared_ptr<const index::CodedData> data) noexcept : data_(std::move(data)) {}
CodedForest::~CodedForest() = default;

Metric CodedForest::metric() const noexcept {
    return data_->rows.metric();
}

std::size_t CodedForest::dim() const noexcept {
    return data_->rows.dim();
}

Scalar CodedForest::scalar() const noexcept {
    return data_->rows.scalar();
}

float CodedForest::step() const noexcept {
    return data_->rows.step();
}

std::size_t CodedForest::size() const noexcept {
    return data_->rows.count();
}

bool CodedForest::contains(Id id) const noexcept {
    return id >= 0 && static_cast<std::size_t>(id) < size();
}

std::size_t CodedForest::n_trees() const noexcept {
    return data_->parameters.n_trees;
}

std::size_t CodedForest::n_leaves() const noexcept {
    return data_->parameters.n_leaves;
}

std::size_t CodedForest::code_width() const noexcept {
    return data_->parameters.code_width;
}

std::size_t CodedForest::overhead_bytes() const noexcept {
    return data_->centroids.size() + data_->centroid_codes.size() + data_->codewords.size() + data_->leaves.size() +
           data_->order.size() + data_->codes.size() + data_->byte_rows.size() + data_->rows.step_bytes();
}

std::span<const RecallPoint> CodedForest::recall_curve() const noexcept {
    return data_->curve;
}

void CodedForest::search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const {
    index::check_options(options);
    index::check_query(query, dim());
    index::search_coded(*data_, query, options.k, index::resolve_effort(*data_, options),
                        index::Selection(options, size()), out);
}

std::size_t CodedForest::largest_block() const noexcept {
    return index::kMostTogether;
}

void CodedForest::search_block(MatrixView<const float> queries, const SearchOptions& options,
                               std::span<Neighbors> out) const {
    index::search_coded(*data_, queries, options.k, index::resolve_effort(*data_, options),
                        index::Selection(options, size()), out);
}

void CodedForest::range_search(std::span<const float> query, float radius, const SearchOptions& options,
                               Neighbors& out) const {
    index::check_radius(radius);
    if (index::search_outwards(*this, query, radius, options, size() / index::kExactShare, kRangeEffort, out))
        return;
    const index::Selection selection(options, size());
    index::QueryMemory memory;
    index::range_over(
        data_->rows.access(), data_->rows.as_row(query, memory), radius, options.k,
        [&](Id id) { return selection.allows(id); }, nullptr, out);
}

void CodedForest::search_item(Id id, const SearchOptions& options, Neighbors& out) const {
    index::check_options(options);
    index::check_id(id, size());
    thread_local std::vector<float> query;
    query.resize(dim());
    data_->rows.get_query(static_cast<std::size_t>(id), query);
    index::search_coded(*data_, query, options.k, index::resolve_effort(*data_, options),
                        index::Selection(options, size(), id), out);
}

void CodedForest::get_vector(Id id, std::span<float> out) const {
    index::check_id(id, size());
    index::check_output(out, dim());
    data_->rows.get(static_cast<std::size_t>(id), out);
}

float CodedForest::distance(Id a, Id b) const {
    index::check_id(a, size());
    index::check_id(b, size());
    return data_->rows.distance(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
}

void CodedForest::save(const std::string& path) const {
    const index::RowStore& rows = data_->rows;
    storage::FileWriter writer(path, {static_cast<std::uint8_t>(IndexKind::kCodedForest), rows.metric(),
                                      rows.scalar(), rows.dim(), rows.count()});
    write_sections(writer);
    writer.commit();
}

void CodedForest::write_sections(storage::FileWriter& writer) const {
    index::write_coded(*data_, writer);
}

}  // namespace kith
