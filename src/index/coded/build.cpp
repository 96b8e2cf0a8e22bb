#include "index/coded/build.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "index/coded/calibrate.hpp"
#include "index/coded/codebook.hpp"
#include "index/coded/partition.hpp"
#include "index/coded/prepare.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kMostTrees = 64;
constexpr std::size_t kLeastLeaf = 16;
constexpr std::size_t kMostLeaf = 65536;
constexpr std::size_t kMostWidth = 64;

// Scoring a row of a leaf and comparing with a centroid cost about the same; their sum is least near the square
// root of the rows.
constexpr double kLeafPerRoot = 0.6;
constexpr std::size_t kLeastDefaultLeaf = 64;

void check_range(std::string_view what, std::size_t value, std::size_t least, std::size_t most) {
    if (value >= least && value <= most) return;
    throw InvalidArgument(formatted("{} is {}; it must be between {} and {}", what, value, least, most));
}

void check(const RowStore& rows, const CodedForestOptions& options) {
    check_range("n_trees", options.n_trees, 1, kMostTrees);
    if (options.leaf_size != 0) check_range("leaf_size", options.leaf_size, kLeastLeaf, kMostLeaf);
    if (options.code_width != 0) check_range("code_width", options.code_width, 1, kMostWidth);
    check_range("the number of vectors", rows.count(), 0, std::numeric_limits<std::uint32_t>::max());
    if (options.compress) check_compressible(rows);
}

std::size_t default_leaf_size(std::size_t count) {
    const auto size = static_cast<std::size_t>(kLeafPerRoot * std::sqrt(static_cast<double>(count)));
    return std::clamp(size, kLeastDefaultLeaf, kMostLeaf);
}

template <class T>
storage::Region frozen(std::span<const T> values) {
    return storage::copy_of(std::as_bytes(values));
}

// Leaves of all trees, one after the other.
struct Leaves {
    std::vector<float> centroids;  // row by row
    std::vector<Leaf> records;
    std::vector<std::uint32_t> order;
    std::uint64_t blocks = 0;

    void append(const Partition& partition) {
        const std::size_t count = partition.centroids.rows();
        const std::uint64_t base = order.size();
        std::vector<Leaf> added(count);
        for (const std::uint32_t leaf : partition.leaf_of) ++added[leaf].count;
        std::uint64_t first = base;
        for (Leaf& leaf : added) {
            leaf.first = first;
            leaf.first_block = blocks;
            first += leaf.count;
            blocks += blocks_of(leaf.count, kCodeBlock);
        }
        order.resize(first);
        std::vector<std::uint64_t> next(count);
        for (std::size_t l = 0; l < count; ++l) next[l] = added[l].first;
        for (std::size_t i = 0; i < partition.leaf_of.size(); ++i) {
            order[next[partition.leaf_of[i]]++] = static_cast<std::uint32_t>(i);
        }
        records.insert(records.end(), added.begin(), added.end());
        const float* const data = partition.centroids.data();
        centroids.insert(centroids.end(), data, data + count * partition.centroids.cols());
    }
};

// Puts row j of a block's codes in their places.
void pack(std::span<const std::uint8_t> codes, std::size_t j, std::uint8_t* block) noexcept {
    for (std::size_t t = 0; t < codes.size(); ++t) {
        block[t * 16 + j % 16] |= static_cast<std::uint8_t>(codes[t] << (j < 16 ? 0 : 4));
    }
}

storage::Region pack_centroids(Metric metric, const Codebook& codebook, std::span<const float> centroids) {
    const std::size_t block_bytes = codebook.tables * kCodewords;
    const std::size_t count = centroids.size() / codebook.dim;
    storage::Buffer buffer(blocks_of(count, kCodeBlock) * block_bytes);
    std::vector<float> sums(codebook.codes() * kCodewords);
    std::vector<std::uint8_t> codes(codebook.codes());
    for (std::size_t i = 0; i < count; ++i) {
        encode(codebook, metric, centroids.subspan(i * codebook.dim, codebook.dim), sums, codes.data());
        pack(codes, i % kCodeBlock, buffer.as<std::uint8_t>().data() + i / kCodeBlock * block_bytes);
    }
    return std::move(buffer).freeze();
}

storage::Region pack_codes(const RowStore& rows, const Codebook& codebook, const Leaves& leaves,
                           std::size_t threads, ProgressMeter& meter) {
    const std::size_t block_bytes = codebook.tables * kCodewords;
    storage::Buffer buffer(leaves.blocks * block_bytes);
    auto* const bytes = buffer.as<std::uint8_t>().data();
    parallel_for(leaves.records.size(), threads, [&](std::size_t l, std::size_t) {
        const Leaf& leaf = leaves.records[l];
        std::vector<float> row(rows.dim());
        std::vector<float> sums(codebook.codes() * kCodewords);
        std::vector<std::uint8_t> codes(codebook.codes());
        for (std::size_t i = 0; i < leaf.count; ++i) {
            prepare_row(rows, leaves.order[leaf.first + i], row);
            encode(codebook, rows.metric(), row, sums, codes.data());
            std::uint8_t* const block = bytes + (leaf.first_block + i / kCodeBlock) * block_bytes;
            pack(codes, i % kCodeBlock, block);
        }
        meter.add(leaf.count);
    });
    return std::move(buffer).freeze();
}

Leaves make_leaves(const RowStore& rows, const CodedForestOptions& options, std::size_t leaf_size,
                   const ProgressFn& progress) {
    Leaves leaves;
    if (rows.count() == 0) return leaves;
    ProgressMeter meter("partitioning", rows.count() * options.n_trees * kPartitionPasses, progress);
    const std::size_t n_leaves = blocks_of(rows.count(), leaf_size);
    for (std::size_t tree = 0; tree < options.n_trees; ++tree) {
        leaves.append(make_partition(rows, n_leaves, options.seed + tree, options.threads, meter));
    }
    return leaves;
}

}  // namespace

std::shared_ptr<const CodedData> build_coded(RowStore rows, const CodedForestOptions& options,
                                             const ProgressFn& progress, ByteRows make) {
    check(rows, options);
    const bool hamming = rows.metric() == Metric::kHamming;
    const std::size_t leaf_size = options.leaf_size != 0 ? options.leaf_size : default_leaf_size(rows.count());
    const std::size_t width = options.code_width != 0 && !hamming
                                  ? std::min(options.code_width, rows.dim())
                                  : default_code_width(rows.metric(), rows.dim(), make);
    const Leaves leaves = make_leaves(rows, options, leaf_size, progress);
    Codebook codebook;
    storage::Region codes;
    storage::Region centroid_codes;
    storage::Region byte_rows;
    const ByteScale bytes = make == ByteRows::kMake ? choose_byte_scale(rows, options.seed) : ByteScale{};
    if (rows.count() > 0) {
        ProgressMeter meter("encoding", leaves.order.size(), progress);
        codebook = make_codebook(rows, width, options.seed, options.threads);
        codes = pack_codes(rows, codebook, leaves, options.threads, meter);
        centroid_codes = pack_centroids(rows.metric(), codebook, leaves.centroids);
        if (bytes.step > 0) byte_rows = make_byte_rows(rows, bytes, options.threads);
    }
    const std::size_t dim = rows.dim();
    const CodedParameters parameters{static_cast<std::uint32_t>(options.n_trees),
                                     static_cast<std::uint32_t>(leaves.records.size()),
                                     static_cast<std::uint32_t>(width),
                                     static_cast<std::uint32_t>(blocks_of(blocks_of(dim, width), 4) * 4),
                                     static_cast<std::uint32_t>(leaf_size),
                                     0,
                                     bytes};
    auto data = std::make_shared<CodedData>(CodedData{std::move(rows),
                                                      parameters,
                                                      {},
                                                      frozen(std::span<const float>(leaves.centroids)),
                                                      std::move(centroid_codes),
                                                      frozen(std::span<const float>(codebook.codewords)),
                                                      frozen(std::span<const Leaf>(leaves.records)),
                                                      frozen(std::span<const std::uint32_t>(leaves.order)),
                                                      std::move(codes),
                                                      std::move(byte_rows)});
    const RowStore truth =
        make == ByteRows::kMake ? data->rows : settle_rows(data->rows, options.compress, options.threads);
    if (options.calibration_queries > 0) {
        ProgressMeter meter("calibrating", options.calibration_queries, progress);
        data->curve =
            measure_recall(*data, truth, options.calibration_queries, options.seed, options.threads, meter);
        data->parameters.n_points = static_cast<std::uint32_t>(data->curve.size());
    }
    return data;
}

}  // namespace kith::index
