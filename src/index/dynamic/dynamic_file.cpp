#include "index/dynamic/dynamic_file.hpp"

#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "index/graph/graph_data.hpp"
#include "index/graph/graph_file.hpp"

namespace kith::index {
namespace {

using storage::SectionKind;

// Part of the file format.
struct Parameters {
    std::uint32_t n_graphs;  // in parts 1 to n_graphs; what waits is in the part after them
    std::uint32_t capacity;  // of what waits
    std::int64_t next_id;
    std::uint64_t seed;
    std::uint32_t degree;
    std::uint32_t short_dim;
    std::uint32_t calibration_queries;
    std::uint32_t reserved;
};
static_assert(sizeof(Parameters) == 40);

constexpr std::uint32_t kMostGraphs = 256;

void require(const storage::FileReader& file, bool sound, const std::string& expected, std::int64_t found) {
    if (!sound) throw CorruptFile(file.path(), 0, "a dynamic index with " + expected, std::to_string(found));
}

Parameters read_parameters(const storage::FileReader& file) {
    Parameters p{};
    const storage::Region section = file.require(SectionKind::kDynamic, sizeof p);
    std::memcpy(&p, section.data(), sizeof p);
    require(file, p.n_graphs <= kMostGraphs, "at most 256 graphs", p.n_graphs);
    require(file, p.capacity >= 1 && p.capacity <= kMostWaiting, "a buffer of 1 to 2^20 items", p.capacity);
    require(file, p.next_id >= 0, "ids of 0 and above", p.next_id);
    require(file, file.description().dim >= 1 && file.description().dim <= kMostGraphDim,
            formatted("1 to {} dimensions", kMostGraphDim), static_cast<std::int64_t>(file.description().dim));
    return p;
}

Segment read_segment(const storage::FileReader& file, std::uint32_t part) {
    const storage::Region ids = file.part(part, 0).require(SectionKind::kItemIds);
    const std::size_t count = ids.size() / sizeof(Id);
    const storage::FileReader mine = file.part(part, count);
    std::shared_ptr<const IdFilter> left;
    if (mine.has(SectionKind::kItemsLeft)) {
        const std::size_t words = (count + 63) / 64;
        const storage::Region bits = mine.require(SectionKind::kItemsLeft, words * sizeof(std::uint64_t));
        left = std::make_shared<const IdFilter>(IdFilter::bitmap(bits.as<std::uint64_t>(), count));
    }
    return {GraphIndex(read_graph(mine)), ids, std::move(left)};
}

void read_waiting(const storage::FileReader& file, std::uint32_t part, Snapshot& snapshot) {
    const storage::Region ids = file.part(part, 0).require(SectionKind::kItemIds);
    const std::size_t count = ids.size() / sizeof(Id);
    require(file, count <= snapshot.waiting.capacity(), "no more items that wait than there is room for",
            static_cast<std::int64_t>(count));
    const RowStore rows = RowStore::open(file.part(part, count));
    std::vector<float> vector(snapshot.dim);
    for (std::size_t i = 0; i < count; ++i) {
        const Id id = ids.as<Id>()[i];
        require(file, id >= 0 && id < snapshot.next_id, "ids below the next one", id);
        rows.get(i, vector);
        snapshot.waiting.append(id, vector);
    }
}

}  // namespace

void write_dynamic(const Snapshot& snapshot, const GraphOptions& options, storage::FileWriter& writer) {
    const Parameters p{static_cast<std::uint32_t>(snapshot.segments.size()),
                       static_cast<std::uint32_t>(snapshot.waiting.capacity()),
                       snapshot.next_id,
                       options.seed,
                       static_cast<std::uint32_t>(options.degree),
                       static_cast<std::uint32_t>(options.short_dim),
                       static_cast<std::uint32_t>(options.calibration_queries),
                       0};
    writer.add(SectionKind::kDynamic, std::span(&p, 1));
    std::uint32_t part = 0;
    for (const auto& segment : snapshot.segments) {
        writer.set_part(++part);
        writer.add(SectionKind::kItemIds, segment->ids());
        if (segment->left() != nullptr) writer.add(SectionKind::kItemsLeft, segment->left()->words());
        segment->graph().write_sections(writer);
    }
    writer.set_part(++part);
    const RowStore rows = snapshot.waiting.rows();
    std::vector<Id> ids;
    writer.begin(SectionKind::kVectors);
    for (std::size_t row = 0; row < rows.count(); ++row) {
        if (!snapshot.waiting.is_left(row)) continue;
        ids.push_back(snapshot.waiting.id_of(row));
        writer.write(std::span(rows.row(row), rows.stride()));
    }
    writer.end();
    writer.add(SectionKind::kItemIds, std::span<const Id>(ids));
    writer.set_part(0);
}

Snapshot read_dynamic(const storage::FileReader& file, GraphOptions& options) {
    const Parameters p = read_parameters(file);
    const storage::FileDescription& description = file.description();
    options.metric = description.metric;
    options.degree = p.degree;
    options.seed = p.seed;
    options.short_dim = p.short_dim;
    options.calibration_queries = p.calibration_queries;
    Snapshot snapshot{description.metric,
                      description.dim,
                      {},
                      WaitingItems(description.metric, description.dim, p.capacity),
                      p.next_id};
    for (std::uint32_t part = 1; part <= p.n_graphs; ++part) {
        snapshot.segments.push_back(std::make_shared<const Segment>(read_segment(file, part)));
    }
    read_waiting(file, p.n_graphs + 1, snapshot);
    return snapshot;
}

}  // namespace kith::index
