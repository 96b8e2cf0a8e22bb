#include "index/coded/coded_file.hpp"

#include <cmath>
#include <cstring>
#include <span>
#include <utility>

#include <kith/error.hpp>

namespace kith::index {
namespace {

using storage::SectionKind;

constexpr std::uint32_t kMostCodeWidth = 64;
constexpr std::size_t kMostPoints = 65536;

void require(const storage::FileReader& file, bool sound, const std::string& expected, std::uint64_t found) {
    if (!sound) throw CorruptFile(file.path(), 0, "a coded forest with " + expected, std::to_string(found));
}

CodedParameters read_parameters(const storage::FileReader& file, const storage::Region& section) {
    CodedParameters p{};
    require(file, section.size() >= sizeof p, "parameters of 32 bytes or more", section.size());
    std::memcpy(&p, section.data(), sizeof p);
    const std::uint64_t dim = file.description().dim;
    require(file, p.code_width >= 1 && p.code_width <= kMostCodeWidth, "1 to 64 elements to a code", p.code_width);
    require(file, p.tables == blocks_of(blocks_of(dim, p.code_width), 4) * 4, "as many codes as the dimension asks",
            p.tables);
    require(file, p.n_trees >= 1, "at least 1 tree", p.n_trees);
    require(file, p.leaf_size >= 1, "leaves of at least 1 row", p.leaf_size);
    require(file, p.n_points <= kMostPoints, "a recall curve of at most 65536 points", p.n_points);
    require(file, section.size() == sizeof p + p.n_points * sizeof(RecallPoint),
            "a recall curve as long as it says", section.size());
    require(file, std::isfinite(p.bytes.low) && std::isfinite(p.bytes.step) && p.bytes.step >= 0,
            "a finite scale of its byte rows", 0);
    require(file, file.description().count <= 0xFFFFFFFFU, "at most 2^32 - 1 rows", file.description().count);
    return p;
}

std::vector<RecallPoint> read_curve(const storage::Region& section, std::size_t n_points) {
    std::vector<RecallPoint> curve(n_points);
    if (n_points > 0) {
        std::memcpy(curve.data(), section.data() + sizeof(CodedParameters), n_points * sizeof(RecallPoint));
    }
    for (RecallPoint& point : curve) {
        if (!std::isfinite(point.recall)) point.recall = 0;
    }
    return curve;
}

}  // namespace

void write_coded(const CodedData& data, storage::FileWriter& writer) {
    data.rows.write(writer);
    writer.begin(SectionKind::kCodedForest);
    writer.write(std::as_bytes(std::span(&data.parameters, 1)));
    writer.write(std::as_bytes(std::span(data.curve)));
    writer.end();
    writer.add(SectionKind::kCentroids, data.centroids.bytes());
    writer.add(SectionKind::kCentroidCodes, data.centroid_codes.bytes());
    writer.add(SectionKind::kCodewords, data.codewords.bytes());
    writer.add(SectionKind::kLeaves, data.leaves.bytes());
    writer.add(SectionKind::kLeafRows, data.order.bytes());
    writer.add(SectionKind::kCodes, data.codes.bytes());
    writer.add(SectionKind::kByteRows, data.byte_rows.bytes());
}

std::shared_ptr<const CodedData> read_coded(const storage::FileReader& file) {
    const storage::Region section = file.require(SectionKind::kCodedForest);
    const CodedParameters p = read_parameters(file, section);
    RowStore rows = RowStore::open(file);
    const std::uint64_t dim = rows.dim();
    const std::uint64_t centroid_blocks = rows.count() == 0 ? 0 : blocks_of(p.n_leaves, kCodeBlock);
    const std::uint64_t byte_rows = p.bytes.step > 0 ? rows.count() : 0;
    const std::uint64_t codewords = rows.count() == 0 ? 0 : blocks_of(dim, p.code_width) * p.code_width;
    return std::make_shared<const CodedData>(CodedData{
        std::move(rows), p, read_curve(section, p.n_points),
        file.require(SectionKind::kCentroids, file.checked_size(p.n_leaves, dim * sizeof(float))),
        file.require(SectionKind::kCentroidCodes, file.checked_size(centroid_blocks, p.tables * kCodewords)),
        file.require(SectionKind::kCodewords, file.checked_size(codewords, kCodewords * sizeof(float))),
        file.require(SectionKind::kLeaves, file.checked_size(p.n_leaves, sizeof(Leaf))),
        file.require(SectionKind::kLeafRows), file.require(SectionKind::kCodes),
        file.require(SectionKind::kByteRows, file.checked_size(byte_rows, byte_stride(dim)))});
}

}  // namespace kith::index
