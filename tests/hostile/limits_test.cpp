// The ends of every range: dimensions, numbers of rows, k, ids, sizes of files, and data that gives nothing to go by.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <random>

#include <kith/coded_forest.hpp>
#include <kith/error.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>

#include "storage/checksum.hpp"
#include "storage/file_format.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

struct Kind {
    std::string name;
    std::function<std::unique_ptr<Index>(MatrixView<const float>, Metric)> build;
};

void PrintTo(const Kind& kind, std::ostream* out) {
    *out << kind.name;
}

std::unique_ptr<Index> build_flat(MatrixView<const float> rows, Metric metric) {
    return std::make_unique<FlatIndex>(rows, metric);
}

std::unique_ptr<Index> build_trees(MatrixView<const float> rows, Metric metric) {
    ForestBuilder builder({.metric = metric, .dim = rows.cols()});
    builder.add(rows, 0);
    builder.build(4);
    return std::make_unique<Forest>(builder.forest());
}

std::unique_ptr<Index> build_coded(MatrixView<const float> rows, Metric metric) {
    return std::make_unique<CodedForest>(CodedForest::build(rows, {.metric = metric}));
}

constexpr Metric kMetrics[] = {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot,
                               Metric::kHamming};

class Limits : public ::testing::TestWithParam<Kind> {
protected:
    static std::unique_ptr<Index> build(const Matrix& rows, Metric metric) {
        return GetParam().build(rows.view(), metric);
    }

    static Matrix random_rows(std::size_t rows, std::size_t dim) {
        std::mt19937 dice(5);
        std::normal_distribution<float> normal;
        Matrix matrix(rows, dim);
        for (std::size_t i = 0; i < rows * dim; ++i) matrix.data()[i] = normal(dice);
        return matrix;
    }

    // Every row asked for, each answer sane: existing ids, once each, distances that are numbers, ascending (dot:
    // descending).
    static void expect_sane(const Index& index, std::size_t k) {
        for (Id id = 0; id < static_cast<Id>(index.size());
             id += std::max<Id>(1, static_cast<Id>(index.size()) / 7)) {
            const Neighbors near = index.search_item(id, {.k = k});
            EXPECT_EQ(near.size(), std::min(k, index.size()));
            std::vector<Id> ids = near.ids;
            std::sort(ids.begin(), ids.end());
            EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
            for (std::size_t i = 0; i < near.size(); ++i) {
                EXPECT_TRUE(index.contains(near.ids[i]));
                EXPECT_TRUE(std::isfinite(near.distances[i]));
            }
            const bool descending = index.metric() == Metric::kDot;
            EXPECT_TRUE(descending ? std::is_sorted(near.distances.rbegin(), near.distances.rend())
                                   : std::is_sorted(near.distances.begin(), near.distances.end()));
        }
    }
};

TEST_P(Limits, OneDimensionAndSixtyFiveThousand) {
    for (const Metric metric : kMetrics) {
        for (const std::size_t dim : {std::size_t{1}, std::size_t{65'536}}) {
            const auto index = build(random_rows(40, dim), metric);
            EXPECT_EQ(index->dim(), dim);
            expect_sane(*index, 5);
        }
    }
}

TEST_P(Limits, NoRowsAndOneRow) {
    for (const Metric metric : kMetrics) {
        const auto none = build(Matrix(0, 7), metric);
        EXPECT_EQ(none->size(), 0U);
        EXPECT_TRUE(none->search(std::vector<float>(7, 1.0F), {.k = 5}).empty());
        EXPECT_THROW(none->search_item(0), OutOfRange);
        const auto one = build(random_rows(1, 7), metric);
        EXPECT_EQ(one->search_item(0, {.k = 5}).ids, std::vector<Id>{0});
    }
}

TEST_P(Limits, MoreNeighboursThanRowsGiveAllRows) {
    for (const Metric metric : kMetrics) {
        expect_sane(*build(random_rows(30, 9), metric), 1000);
        const auto index = build(random_rows(30, 9), metric);
        EXPECT_EQ(index->search_item(3, {.k = std::numeric_limits<std::size_t>::max() / 16}).size(), 30U);
    }
}

TEST_P(Limits, TenThousandIdenticalPoints) {
    for (const Metric metric : kMetrics) {
        Matrix rows(10'000, 6);
        for (std::size_t i = 0; i < rows.rows() * rows.cols(); ++i)
            rows.data()[i] = 0.25F + static_cast<float>(i % 6);
        const auto index = build(rows, metric);
        expect_sane(*index, 20);
        if (metric != Metric::kDot) {
            EXPECT_NEAR(index->search_item(9'999, {.k = 20}).distances.back(), 0, 1e-3);
        }
    }
}

TEST_P(Limits, DuplicatesByTheThousandDoNotHideTheirNeighbours) {
    Matrix rows = random_rows(6'000, 8);
    for (std::size_t row = 0; row < 5'000; ++row) std::ranges::copy(rows.row(0), rows.row(row).begin());
    const auto index = build(rows, Metric::kEuclidean);
    expect_sane(*index, 10);
    const Neighbors near = index->search_item(5'500, {.k = 1});
    EXPECT_EQ(near.ids, std::vector<Id>{5'500});
}

TEST_P(Limits, ZerosAndDenormalsHaveDistances) {
    for (const Metric metric : kMetrics) {
        expect_sane(*build(Matrix(500, 5), metric), 10);
        Matrix tiny = random_rows(500, 5);
        for (std::size_t i = 0; i < 2500; ++i) tiny.data()[i] *= 1e-40F;
        expect_sane(*build(tiny, metric), 10);
        Matrix few = random_rows(500, 5);
        for (std::size_t row = 0; row < 500; row += 2) std::ranges::fill(few.row(row), 0.0F);
        expect_sane(*build(few, metric), 10);
    }
}

TEST_P(Limits, LargeFiniteValuesHaveAnOrder) {
    Matrix rows = random_rows(300, 4);
    for (std::size_t i = 0; i < 1200; ++i) rows.data()[i] *= 1e17F;
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan}) {
        expect_sane(*build(rows, metric), 5);
    }
}

TEST_P(Limits, NothingThatIsNoNumberGetsIn) {
    for (const Metric metric : kMetrics) {
        const auto index = build(random_rows(50, 3), metric);
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                                -std::numeric_limits<float>::infinity()}) {
            Matrix rows = random_rows(50, 3);
            rows.row(17)[2] = bad;
            EXPECT_THROW(build(rows, metric), InvalidArgument);
            EXPECT_THROW((void)index->search(std::vector<float>{1, bad, 0}), InvalidArgument);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Of, Limits,
                         ::testing::Values(Kind{"flat", build_flat}, Kind{"forest", build_trees},
                                           Kind{"coded", build_coded}),
                         [](const auto& each) { return each.param.name; });

TEST(LargeIds, BeyondWhatAnnoyFilesCanNumberAreRefused) {
    ForestBuilder builder({.metric = Metric::kAngular, .dim = 2});
    for (const Id id : {Id{1} << 31, (Id{1} << 31) - 1, Id{-1}, std::numeric_limits<Id>::max()}) {
        EXPECT_THROW(builder.add(id, std::vector<float>{1, 2}), InvalidArgument) << id;
    }
    EXPECT_EQ(builder.n_items(), 0U);
}

// Writes bytes into a file that is otherwise a hole.
class SparseFile {
public:
    SparseFile(const std::string& path, std::uint64_t size)
        : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        ok_ = fd_ >= 0 && ::ftruncate(fd_, static_cast<off_t>(size)) == 0;
    }
    ~SparseFile() { ::close(fd_); }
    SparseFile(const SparseFile&) = delete;
    SparseFile& operator=(const SparseFile&) = delete;

    [[nodiscard]] bool ok() const noexcept { return ok_; }

    void put(std::uint64_t offset, const void* data, std::size_t size) {
        ASSERT_EQ(::pwrite(fd_, data, size, static_cast<off_t>(offset)), static_cast<ssize_t>(size));
    }

private:
    int fd_;
    bool ok_ = false;
};

TEST(LargeFiles, RowsBeyondFourGibibytesOfAKithFileAreRead) {
    using namespace storage;
    constexpr std::uint64_t kRowsInFile = 80'000'000;
    constexpr std::uint64_t kDim = 16;
    constexpr std::uint64_t kBytes = kRowsInFile * kDim * sizeof(float);
    static_assert(kBytes > std::uint64_t{1} << 32);
    const test::TempDir folder;
    const std::string path = folder.file("large.kith");
    {
        SparseFile file(path, sizeof(FileHeader) + kBytes + sizeof(SectionEntry));
        if (!file.ok()) GTEST_SKIP() << "no sparse files here";
        SectionEntry entry{};
        entry.kind = SectionKind::kVectors;
        entry.offset = sizeof(FileHeader);
        entry.size = kBytes;
        FileHeader header{};
        std::memcpy(header.magic, kMagic, sizeof kMagic);
        header.version = kFormatVersion;
        header.kind = static_cast<std::uint8_t>(IndexKind::kFlat);
        header.metric = static_cast<std::uint8_t>(Metric::kEuclidean);
        header.scalar = static_cast<std::uint8_t>(Scalar::kFloat32);
        header.dim = kDim;
        header.count = kRowsInFile;
        header.table_offset = sizeof(FileHeader) + kBytes;
        header.section_count = 1;
        header.table_checksum = checksum(std::as_bytes(std::span(&entry, 1)));
        header.checksum = checksum(std::as_bytes(std::span(&header, 1)).first(offsetof(FileHeader, checksum)));
        const float last = 3.0F;
        file.put(0, &header, sizeof header);
        file.put(header.table_offset, &entry, sizeof entry);
        file.put(header.table_offset - sizeof last, &last, sizeof last);
    }
    const FlatIndex index = FlatIndex::open(path);
    EXPECT_EQ(index.size(), kRowsInFile);
    EXPECT_EQ(static_cast<const Index&>(index).get_vector(kRowsInFile - 1).back(), 3.0F);
    EXPECT_EQ(index.distance(0, kRowsInFile - 1), 3.0F);
}

TEST(LargeFiles, ItemsBeyondFourGibibytesOfAnAnnoyFileAreFound) {
    // Euclidean nodes: n_descendants, the split's offset, two children, the vector: docs/formats.md.
    constexpr std::size_t kDim = 12;
    struct Node {
        std::int32_t n_descendants;
        float offset;
        std::int32_t children[2];
        float vector[kDim];
    };
    constexpr std::uint64_t kNodes = 70'000'000;
    static_assert(kNodes * sizeof(Node) > std::uint64_t{1} << 32);
    const test::TempDir folder;
    const std::string path = folder.file("large.ann");
    {
        SparseFile file(path, kNodes * sizeof(Node));
        if (!file.ok()) GTEST_SKIP() << "no sparse files here";
        // One tree whose root parts the last two items; Annoy repeats the roots at the end of the file.
        for (const std::uint64_t id : {kNodes - 4, kNodes - 3}) {
            Node item{};
            item.n_descendants = 1;
            item.vector[0] = static_cast<float>(id - (kNodes - 4)) + 1.0F;
            file.put(id * sizeof item, &item, sizeof item);
        }
        Node root{};
        root.n_descendants = static_cast<std::int32_t>(kNodes - 2);
        root.children[0] = static_cast<std::int32_t>(kNodes - 4);
        root.children[1] = static_cast<std::int32_t>(kNodes - 3);
        for (const std::uint64_t id : {kNodes - 2, kNodes - 1}) file.put(id * sizeof root, &root, sizeof root);
    }
    const Forest forest = Forest::open_annoy(path, Metric::kEuclidean, kDim);
    EXPECT_EQ(forest.n_trees(), 1U);
    std::vector<float> query(kDim, 0.0F);
    query[0] = 2.0F;
    const Neighbors near = static_cast<const Index&>(forest).search(query, {.k = 2});
    EXPECT_EQ(near.ids, (std::vector<Id>{kNodes - 3, kNodes - 4}));
    EXPECT_EQ(near.distances, (std::vector<float>{0.0F, 1.0F}));
}

}  // namespace
}  // namespace kith
