#include "index/graph/graph_file.hpp"

#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/metric.hpp"

namespace kith::index {
namespace {

using storage::SectionKind;

constexpr std::size_t kMostPoints = 65536;
constexpr std::uint32_t kMostDegree = 65536;

void require(const storage::FileReader& file, bool sound, const std::string& expected, std::uint64_t found) {
    if (!sound) throw CorruptFile(file.path(), 0, "a graph with " + expected, std::to_string(found));
}

GraphParameters read_parameters(const storage::FileReader& file, const storage::Region& section) {
    GraphParameters p{};
    require(file, section.size() >= sizeof p, "parameters of 48 bytes or more", section.size());
    std::memcpy(&p, section.data(), sizeof p);
    const storage::FileDescription& description = file.description();
    const Scalar scalar = scalar_of(description.metric);
    require(file, (description.scalar == Scalar::kBits) == (scalar == Scalar::kBits),
            formatted("{} vectors", name(scalar)), static_cast<std::uint64_t>(description.scalar));
    require(file, description.dim <= kMostGraphDim, formatted("at most {} dimensions", kMostGraphDim),
            description.dim);
    require(file, description.count < 0x80000000U, "at most 2^31 - 1 rows", description.count);
    const std::uint64_t spread = spread_dim(description.metric, description.dim);
    require(file, p.degree >= 1 && p.degree <= kMostDegree, "1 to 65536 links to a row", p.degree);
    require(file, p.projected <= 1, "short rows that are projected or not", p.projected);
    const bool short_rows = p.projected != 0 ? p.short_dim <= spread : p.short_dim == spread;
    require(file, p.short_dim >= 1 ? short_rows : p.projected == 0, "short rows of no more than its dimension",
            p.short_dim);
    require(file,
            std::isfinite(p.short_step) && std::isfinite(p.projection_step) && std::isfinite(p.length) &&
                std::isfinite(p.bytes.low) && std::isfinite(p.bytes.step) && p.bytes.step >= 0,
            "finite steps", 0);
    require(file, p.n_points <= kMostPoints, "a recall curve of at most 65536 points", p.n_points);
    require(file, section.size() == sizeof p + p.n_points * sizeof(GraphRecallPoint),
            "a recall curve as long as it says", section.size());
    return p;
}

std::vector<GraphRecallPoint> read_curve(const storage::Region& section, std::size_t n_points) {
    std::vector<GraphRecallPoint> curve(n_points);
    if (n_points > 0) {
        std::memcpy(curve.data(), section.data() + sizeof(GraphParameters), n_points * sizeof(GraphRecallPoint));
    }
    for (GraphRecallPoint& point : curve) {
        if (!std::isfinite(point.recall)) point.recall = 0;
    }
    return curve;
}

}  // namespace

void write_graph(const GraphData& data, storage::FileWriter& writer) {
    data.rows.write(writer);
    writer.begin(SectionKind::kGraph);
    writer.write(std::as_bytes(std::span(&data.parameters, 1)));
    writer.write(std::as_bytes(std::span(data.curve)));
    writer.end();
    writer.add(SectionKind::kEntries, data.entries.bytes());
    data.links.write(writer);
    writer.add(SectionKind::kShortRows, data.short_rows.bytes());
    writer.add(SectionKind::kCentre, data.centre.bytes());
    writer.add(SectionKind::kProjection, data.projection.bytes());
    writer.add(SectionKind::kByteRows, data.byte_rows.bytes());
}

std::shared_ptr<const GraphData> read_graph(const storage::FileReader& file) {
    const storage::Region section = file.require(SectionKind::kGraph);
    GraphParameters p = read_parameters(file, section);
    RowStore rows = RowStore::open(file);
    const std::uint64_t count = rows.count();
    const std::uint64_t spread = spread_dim(rows.metric(), rows.dim());
    const std::uint64_t spread_rows = has_short_rows(rows.metric(), p) ? count : 0;
    const std::uint64_t projection = p.projected != 0 && count > 0 ? p.short_dim + 1U : 0;
    storage::Region byte_rows;
    if (rows.metric() == Metric::kManhattan) {
        const std::uint64_t size = file.checked_size(p.bytes.step > 0 ? count : 0, byte_stride(rows.dim()));
        byte_rows = file.require(SectionKind::kByteRows, size);
    } else {
        p.bytes = {};  // earlier versions had such rows beside projections
        p.unused = -1;
    }
    return std::make_shared<const GraphData>(
        GraphData{std::move(rows), p, read_curve(section, p.n_points), LinkLists::read(file, count, p.degree),
                  file.require(SectionKind::kShortRows, file.checked_size(spread_rows, short_stride(p.short_dim))),
                  file.require(SectionKind::kEntries, file.checked_size(p.n_entries, sizeof(std::uint32_t))),
                  file.require(SectionKind::kCentre, spread_rows > 0 ? spread * sizeof(float) : 0),
                  file.require(SectionKind::kProjection, file.checked_size(projection, short_stride(spread))),
                  std::move(byte_rows)});
}

}  // namespace kith::index
