#include <kith/open.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/flat.hpp>

#include "storage/file_writer.hpp"
#include "support/brute_force.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

class OpenTest : public ::testing::Test {
protected:
    test::TempDir folder_;
    std::string path_ = folder_.file("a.kith");
    Matrix rows_ = test::random_matrix(20, 3, 1);
};

TEST_F(OpenTest, AFlatIndexIsOpenedFromItsPathAlone) {
    const FlatIndex saved(rows_.view(), Metric::kManhattan);
    saved.save(path_);
    for (const bool prefault : {false, true}) {
        const std::unique_ptr<Index> index = open_index(path_, {.prefault = prefault});
        EXPECT_EQ(index->kind(), IndexKind::kFlat);
        EXPECT_EQ(index->metric(), Metric::kManhattan);
        EXPECT_EQ(index->dim(), 3u);
        EXPECT_EQ(index->size(), 20u);
        EXPECT_EQ(index->search(rows_.row(4)).ids, saved.search(rows_.row(4)).ids);
    }
}

TEST_F(OpenTest, VectorsWithoutAnIndexAreUnsupportedButInspected) {
    storage::FileWriter writer(path_, {0, Metric::kAngular, Scalar::kFloat32, 3, 20});
    writer.add(storage::SectionKind::kVectors, std::span<const float>(rows_.data(), 60));
    writer.commit();
    EXPECT_THROW((void)open_index(path_), Unsupported);
    EXPECT_EQ(inspect(path_).kind, IndexKind::kNone);
}

TEST_F(OpenTest, AKindOfALaterVersionIsUnsupported) {
    storage::FileWriter(path_, {99, Metric::kAngular, Scalar::kFloat32, 3, 0}).commit();
    EXPECT_THROW((void)open_index(path_), Unsupported);
}

TEST_F(OpenTest, ForeignAndMissingFilesAreTypedErrors) {
    EXPECT_THROW((void)open_index(path_), IoError);
    EXPECT_THROW((void)inspect(path_), IoError);
    EXPECT_THROW((void)verify(path_), IoError);
    test::write_bytes(path_, "2 3\nthe 1 2 3\n");
    EXPECT_THROW((void)open_index(path_), CorruptFile);
    EXPECT_THROW((void)inspect(path_), CorruptFile);
    EXPECT_THROW((void)verify(path_), CorruptFile);
}

TEST_F(OpenTest, InspectTellsWhatTheFileHolds) {
    FlatIndex(rows_.view(), Metric::kHamming).save(path_);
    const FileInfo info = inspect(path_);
    EXPECT_EQ(info.format_version, 1u);
    EXPECT_EQ(info.file_size, test::read_bytes(path_).size());
    EXPECT_EQ(info.kind, IndexKind::kFlat);
    EXPECT_EQ(info.metric, Metric::kHamming);
    EXPECT_EQ(info.scalar, Scalar::kBits);
    EXPECT_EQ(info.dim, 3u);
    EXPECT_EQ(info.count, 20u);
    ASSERT_EQ(info.sections.size(), 1u);
    EXPECT_EQ(info.sections[0].kind, 1u);
    EXPECT_EQ(info.sections[0].name, "vectors");
    EXPECT_EQ(info.sections[0].offset, 64u);
    EXPECT_EQ(info.sections[0].size, 160u);
}

TEST_F(OpenTest, VerifyOfASoundFileFindsNothing) {
    FlatIndex(rows_.view(), Metric::kDot).save(path_);
    const VerifyReport report = verify(path_);
    EXPECT_TRUE(report.ok());
    EXPECT_TRUE(report.damaged.empty());
    EXPECT_EQ(report.info.count, 20u);
}

TEST_F(OpenTest, VerifyNamesEveryDamagedSection) {
    storage::FileWriter writer(path_, {0, Metric::kAngular, Scalar::kFloat32, 3, 20});
    writer.add(storage::SectionKind::kVectors, std::span<const float>(rows_.data(), 60));
    writer.add(storage::SectionKind::kKeys, std::span<const float>(rows_.data(), 7));
    writer.add(storage::SectionKind::kMetadata, std::span<const float>(rows_.data(), 9));
    writer.commit();
    const FileInfo info = inspect(path_);
    std::string bytes = test::read_bytes(path_);
    bytes[info.sections[1].offset + 5] ^= 1;
    bytes[info.sections[2].offset + 35] ^= 64;
    test::write_bytes(path_, bytes);
    const VerifyReport report = verify(path_);
    EXPECT_FALSE(report.ok());
    EXPECT_EQ(report.damaged, (std::vector<std::size_t>{1, 2}));
    EXPECT_NE(report.problem.find("'keys'"), std::string::npos) << report.problem;
    EXPECT_NE(report.problem.find("byte " + std::to_string(info.sections[1].offset)), std::string::npos)
        << report.problem;
}

TEST_F(OpenTest, VerifyFindsWhatStandsInTheGaps) {
    FlatIndex(rows_.view(), Metric::kDot).save(path_);
    std::string bytes = test::read_bytes(path_);
    const SectionInfo section = inspect(path_).sections[0];
    const std::size_t gap = section.offset + section.size + 2;
    bytes[gap] = 'x';
    test::write_bytes(path_, bytes);
    const VerifyReport report = verify(path_);
    EXPECT_FALSE(report.ok());
    EXPECT_TRUE(report.damaged.empty());
    EXPECT_NE(report.problem.find("byte " + std::to_string(gap)), std::string::npos) << report.problem;
}

}  // namespace
}  // namespace kith
