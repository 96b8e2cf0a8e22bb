// Files of every format version, kept for good: each must open, verify and answer as recorded beside it.
//
// The .kith files were written by Kith; golden_answers.py, which knows nothing but docs/formats.md, read them and
// computed the .answers. Set KITH_WRITE_GOLDEN to a folder to write the files of the current version there. The v1-graph-*.kith hold
// links that are not packed, as nothing writes them any more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <kith/coded_forest.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/graph.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/open.hpp>

#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

struct Golden {
    std::string name;
    Metric metric;
    std::size_t rows;
    std::size_t dim;
    Scalar scalar = Scalar::kFloat32;
    bool compressed = false;
};

// Each as v1-KIND-NAME.kith for every kind of index, with one set of answers.
const std::vector<Golden> kIndexed = {
    {"angular", Metric::kAngular, 12, 5},
    {"euclidean", Metric::kEuclidean, 12, 5},
    {"manhattan", Metric::kManhattan, 12, 5},
    {"dot", Metric::kDot, 12, 5},
    {"hamming", Metric::kHamming, 12, 70, Scalar::kBits},
};

// The kinds of index that keep rows in fewer bytes, with rows that they so keep.
std::vector<Golden> in_fewer_bytes() {
    std::vector<Golden> all;
    for (const Golden& golden : kIndexed) {
        if (golden.scalar == Scalar::kBits) continue;
        for (const Scalar scalar : {Scalar::kUint8, Scalar::kInt8, Scalar::kFloat16}) {
            const std::string type(name(scalar));
            all.push_back({type + "-" + golden.name, golden.metric, golden.rows, golden.dim, scalar});
        }
        all.push_back({"compressed-" + golden.name, golden.metric, golden.rows, golden.dim, Scalar::kInt8, true});
    }
    return all;
}

// Enough rows for several leaves; as v1-coded-NAME.kith alone.
const Golden kLeaves = {"leaves", Metric::kEuclidean, 160, 2};

const std::string kNamed = "v1-vectors-keys";
const std::string kWords = "v1-words-forest";
constexpr std::string_view kKeys[] = {"the", "of", "na\u00efve", "\u6771\u4eac"};

std::string golden_path(const std::string& name) {
    return std::string(KITH_GOLDEN_DIR) + "/" + name;
}

// `number` is 0 to 255. Thirds, so that no element is a round number, unless a narrower type is to hold them.
float element_of(float number, Scalar scalar) {
    if (scalar == Scalar::kUint8) return number;
    if (scalar == Scalar::kInt8) return number - 128.0F;
    return (number - 128.0F) / (scalar == Scalar::kFloat16 ? 8.0F : 96.0F);
}

// The generator is spelled out to stay the same for ever.
Matrix rows_of(std::size_t rows, std::size_t dim, Scalar scalar = Scalar::kFloat32) {
    Matrix matrix(rows, dim);
    std::uint64_t state = 1;
    for (std::size_t i = 0; i < rows * dim; ++i) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        matrix.data()[i] = element_of(static_cast<float>(state >> 56), scalar);
    }
    return matrix;
}

Matrix rows_of(const Golden& golden) {
    return rows_of(golden.rows, golden.dim, golden.compressed ? Scalar::kFloat32 : golden.scalar);
}

void write_flat(const Golden& golden, const std::string& path) {
    FlatIndex(rows_of(golden).view(), golden.metric).save(path);
}

Forest forest_of(const Golden& golden) {
    ForestBuilder builder({.metric = golden.metric, .dim = golden.dim});
    builder.add(rows_of(golden).view(), 0);
    builder.build(3);
    return builder.forest();
}

CodedForest coded_of(const Golden& golden) {
    return CodedForest::build(
        rows_of(golden).view(),
        {.metric = golden.metric, .leaf_size = 16, .compress = golden.compressed, .calibration_queries = 8});
}

// Those of float32 are walked by projected rows, where the metric has such.
GraphIndex graph_of(const Golden& golden) {
    GraphOptions options{.metric = golden.metric, .degree = 4, .compress = golden.compressed};
    options.short_dim = golden.scalar == Scalar::kFloat32 ? golden.dim - 1 : 0;
    options.calibration_queries = 8;
    return GraphIndex::build(rows_of(golden).view(), options);
}

// Unless the vectors are so short themselves that there is no room.
bool walked_by_short_rows(Metric metric) {
    return metric != Metric::kManhattan && metric != Metric::kHamming;
}

GraphIndex direct_graph_of(const Golden& golden) {
    return GraphIndex::build(rows_of(golden).view(), {.metric = golden.metric, .calibration_queries = 8});
}

// Keys, their counts and a forest over them.
void write_words(const std::string& path) {
    const Matrix rows = rows_of(std::size(kKeys), 3);
    const std::vector<std::uint64_t> counts = {400, 300, 20, 1};
    const KeyedVectors words(std::span<const std::string_view>(kKeys), rows.view(), counts);
    const Forest forest = forest_of({"words", Metric::kAngular, std::size(kKeys), 3});
    words.save(path, &forest);
}

void write_named(const std::string& path) {
    const Matrix rows = rows_of(std::size(kKeys), 3);
    std::string keys;
    std::vector<std::uint64_t> offsets = {0};
    for (const std::string_view key : kKeys) {
        keys += key;
        offsets.push_back(keys.size());
    }
    const std::string metadata = R"({"source":"golden"})";
    storage::FileWriter writer(path, {0, Metric::kAngular, Scalar::kFloat32, 3, std::size(kKeys)});
    writer.add(storage::SectionKind::kVectors, std::span<const float>(rows.data(), std::size(kKeys) * 3));
    writer.add(storage::SectionKind::kKeyOffsets, std::span<const std::uint64_t>(offsets));
    writer.add(storage::SectionKind::kKeys, std::span<const char>(keys));
    writer.add(storage::SectionKind::kMetadata, std::span<const char>(metadata));
    writer.commit();
}

// Answers that are chosen by codes or short rows alone: some lack a neighbour or two, but no more.
void expect_good_choice(const Index& index, const std::vector<Neighbors>& answers) {
    std::size_t found = 0;
    std::size_t wanted = 0;
    for (std::size_t query = 0; query < answers.size(); ++query) {
        const std::vector<Id>& expected = answers[query].ids;
        const SearchOptions options{.k = expected.size(), .search_k = 1000, .rerank = 1};
        for (const Id id : index.search_item(static_cast<Id>(query), options).ids) {
            found += static_cast<std::size_t>(std::ranges::count(expected, id));
        }
        wanted += expected.size();
    }
    EXPECT_GE(static_cast<double>(found), 0.85 * static_cast<double>(wanted));
}

// A line of a .answers file is "query: id distance id distance …".
void expect_recorded_answers(const Index& index, const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::vector<Neighbors> answers;
    while (std::getline(file, line)) {
        std::istringstream text(line);
        Id query = 0;
        char colon = 0;
        text >> query >> colon;
        Neighbors& expected = answers.emplace_back();
        for (double distance = 0, id = 0; text >> id >> distance;) {
            expected.ids.push_back(static_cast<Id>(id));
            expected.distances.push_back(static_cast<float>(distance));
        }
        ASSERT_GT(expected.size(), 0u) << line;
        // An effort beyond the number of items makes every kind exact.
        const Neighbors found = index.search_item(query, {.k = expected.size(), .search_k = 1000});
        EXPECT_EQ(found.ids, expected.ids) << line;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double size = std::abs(expected.distances[i]);
            EXPECT_NEAR(found.distances[i], expected.distances[i], std::max(1e-5, 1e-6 * size)) << line;
        }
    }
    EXPECT_EQ(answers.size(), index.size()) << path;
    expect_good_choice(index, answers);
}

void expect_vectors(const Index& index, const Golden& golden) {
    const Matrix rows = rows_of(golden);
    std::vector<float> vector(golden.dim);
    EXPECT_EQ(index.step() > 0, golden.compressed);
    for (std::size_t i = 0; i < golden.rows; ++i) {
        index.get_vector(static_cast<Id>(i), vector);
        for (std::size_t d = 0; d < golden.dim; ++d) {
            const float element = golden.scalar == Scalar::kBits ? rows.row(i)[d] > 0.5F : rows.row(i)[d];
            EXPECT_LE(std::abs(vector[d] - element), index.step() / 2) << "row " << i;
        }
    }
}

void expect_golden(const Golden& golden, const std::string& type, IndexKind kind) {
    const std::string path = golden_path("v1-" + type + "-" + golden.name + ".kith");
    EXPECT_TRUE(verify(path).ok()) << path;
    EXPECT_EQ(inspect(path).format_version, 1u);
    const std::unique_ptr<Index> index = open_index(path);
    EXPECT_EQ(index->kind(), kind);
    EXPECT_EQ(index->metric(), golden.metric);
    EXPECT_EQ(index->dim(), golden.dim);
    EXPECT_EQ(index->size(), golden.rows);
    EXPECT_EQ(index->scalar(), golden.scalar);
    expect_vectors(*index, golden);
    expect_recorded_answers(*index, golden_path("v1-" + golden.name + ".answers"));
}

TEST(Golden, EveryFlatFileOpensVerifiesAndAnswersAsRecorded) {
    for (const Golden& golden : kIndexed) expect_golden(golden, "flat", IndexKind::kFlat);
}

TEST(Golden, EveryForestOpensVerifiesAndAnswersAsRecorded) {
    for (const Golden& golden : kIndexed) expect_golden(golden, "forest", IndexKind::kForest);
}

TEST(Golden, EveryCodedForestOpensVerifiesAndAnswersAsRecorded) {
    for (const Golden& golden : kIndexed) expect_golden(golden, "coded", IndexKind::kCodedForest);
}

TEST(Golden, ACodedForestFindsItsRowsInTheLeafOfTheNearestCentroid) {
    const std::string path = golden_path("v1-coded-" + kLeaves.name + ".kith");
    EXPECT_TRUE(verify(path).ok());
    const CodedForest forest = CodedForest::open(path);
    ASSERT_GT(forest.n_leaves(), 2u);
    expect_vectors(forest, kLeaves);
    std::size_t found = 0;
    for (Id row = 0; row < static_cast<Id>(kLeaves.rows); ++row) {
        found += forest.search_item(row, {.k = 1, .search_k = 1}).ids == std::vector<Id>{row} ? 1 : 0;
    }
    EXPECT_GE(found, kLeaves.rows * 9 / 10);
}

TEST(Golden, EveryGraphOpensVerifiesAndAnswersAsRecorded) {
    for (const Golden& golden : kIndexed) expect_golden(golden, "graph", IndexKind::kGraph);
    for (const Golden& golden : kIndexed) expect_golden(golden, "packed-graph", IndexKind::kGraph);
    for (const Golden& golden : kIndexed) {
        if (walked_by_short_rows(golden.metric)) expect_golden(golden, "direct-graph", IndexKind::kGraph);
    }
}

// Reads them bit by bit, as docs/formats.md has it.
TEST(Golden, PackedLinksAreThoseOfTheSameGraphUnpacked) {
    for (const Golden& golden : kIndexed) {
        const storage::FileReader plain(golden_path("v1-graph-" + golden.name + ".kith"));
        const storage::FileReader packed(golden_path("v1-packed-graph-" + golden.name + ".kith"));
        const auto links = plain.require(storage::SectionKind::kLinks).as<std::uint32_t>();
        const auto bytes = packed.require(storage::SectionKind::kPackedLinks).as<std::uint8_t>();
        const std::size_t degree = links.size() / golden.rows;
        std::size_t low_bits = 0;
        while ((golden.rows / degree) >> low_bits != 0) ++low_bits;
        const std::size_t unary = (degree + ((golden.rows - 1) >> low_bits) + 7) / 8;
        const std::size_t stride = unary + (degree * low_bits + 7) / 8;
        ASSERT_EQ(bytes.size(), golden.rows * stride + 8);
        for (std::size_t row = 0; row < golden.rows; ++row) {
            const auto bit = [&](std::size_t from, std::size_t at) {
                return std::size_t{bytes[row * stride + from + at / 8]} >> (at % 8) & 1;
            };
            std::vector<std::uint32_t> got;
            for (std::size_t at = 0; at < 8 * unary; ++at) {
                if (bit(0, at) == 0) continue;
                const std::size_t i = got.size();
                std::size_t number = (at - i) << low_bits;
                for (std::size_t b = 0; b < low_bits; ++b) number |= bit(unary, i * low_bits + b) << b;
                got.push_back(static_cast<std::uint32_t>(number));
            }
            const auto given = links.subspan(row * degree, degree);
            std::vector<std::uint32_t> expected(given.begin(), given.end());
            std::ranges::sort(expected);
            EXPECT_EQ(got, expected) << golden.name << ", row " << row;
        }
    }
}

TEST(Golden, EveryCodedForestInFewerBytesOpensVerifiesAndAnswersAsRecorded) {
    for (const Golden& golden : in_fewer_bytes()) expect_golden(golden, "coded", IndexKind::kCodedForest);
}

TEST(Golden, EveryGraphInFewerBytesOpensVerifiesAndAnswersAsRecorded) {
    for (const Golden& golden : in_fewer_bytes()) expect_golden(golden, "graph", IndexKind::kGraph);
}

TEST(Golden, WordsWithCountsAndAForestOpenFromOneFile) {
    const std::string path = golden_path(kWords + ".kith");
    EXPECT_TRUE(verify(path).ok());
    const KeyedVectors words = KeyedVectors::open(path);
    const std::unique_ptr<Index> forest = open_index(path);
    ASSERT_EQ(words.size(), std::size(kKeys));
    ASSERT_EQ(forest->size(), std::size(kKeys));
    for (std::size_t i = 0; i < std::size(kKeys); ++i) {
        EXPECT_EQ(words.key(i), kKeys[i]);
        EXPECT_EQ(words.find(kKeys[i]), i);
    }
    EXPECT_EQ(words.counts()[2], 20u);
    const auto exact = words.most_similar("of");
    const auto approximate = words.most_similar("of", {.index = forest.get()});
    ASSERT_EQ(exact.size(), 3u);
    ASSERT_EQ(approximate.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(exact[i].key, approximate[i].key);
}

TEST(Golden, VectorsWithKeysOpenWithWhatTheyHeld) {
    const std::string path = golden_path(kNamed + ".kith");
    EXPECT_TRUE(verify(path).ok());
    const storage::FileReader file(path);
    EXPECT_EQ(file.description().kind, 0);
    const auto offsets = file.require(storage::SectionKind::kKeyOffsets).as<std::uint64_t>();
    const auto keys = file.require(storage::SectionKind::kKeys).as<char>();
    ASSERT_EQ(offsets.size(), std::size(kKeys) + 1);
    for (std::size_t i = 0; i < std::size(kKeys); ++i) {
        EXPECT_EQ(std::string_view(keys.data() + offsets[i], offsets[i + 1] - offsets[i]), kKeys[i]);
    }
    const Matrix rows = rows_of(std::size(kKeys), 3);
    const auto stored = file.vectors().as<float>();
    EXPECT_TRUE(std::equal(stored.begin(), stored.end(), rows.data(), rows.data() + rows.rows() * 3));
}

TEST(Golden, TheSameContentIsStillWrittenAsTheSameBytes) {
    const char* const wanted = std::getenv("KITH_WRITE_GOLDEN");
    const test::TempDir temporary;
    const std::filesystem::path folder = wanted != nullptr ? wanted : temporary.path();
    for (const Golden& golden : kIndexed) write_flat(golden, folder / ("v1-flat-" + golden.name + ".kith"));
    write_named(folder / (kNamed + ".kith"));
    if (wanted != nullptr) {
        // The planes of a forest depend on the last bit of sums, hence on the machine: written here, not compared.
        for (const Golden& golden : kIndexed) {
            forest_of(golden).save(folder / ("v1-forest-" + golden.name + ".kith"));
            coded_of(golden).save(folder / ("v1-coded-" + golden.name + ".kith"));
            graph_of(golden).save(folder / ("v1-packed-graph-" + golden.name + ".kith"));
            if (!walked_by_short_rows(golden.metric)) continue;
            direct_graph_of(golden).save(folder / ("v1-direct-graph-" + golden.name + ".kith"));
        }
        coded_of(kLeaves).save(folder / ("v1-coded-" + kLeaves.name + ".kith"));
        for (const Golden& golden : in_fewer_bytes()) {
            coded_of(golden).save(folder / ("v1-coded-" + golden.name + ".kith"));
        }
        write_words(folder / (kWords + ".kith"));
        return;
    }
    for (const std::string& name : test::list_folder(folder)) {
        if (!name.ends_with(".kith")) continue;
        EXPECT_EQ(test::read_bytes(folder / name), test::read_bytes(golden_path(name))) << name;
    }
}

}  // namespace
}  // namespace kith
