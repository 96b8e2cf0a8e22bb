#include "storage/file_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <kith/error.hpp>

#include "storage/file_reader.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

using test::list_folder;
using test::read_bytes;
using test::write_bytes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FileWriterTest : public ::testing::Test {
protected:
    test::TempDir folder_;
    std::string path_ = folder_.file("a.kith");
    std::vector<float> rows_ = {1, 2, 3, 4, 5, 6};
    FileDescription description_{.metric = Metric::kEuclidean, .dim = 2, .count = 3};
};

TEST_F(FileWriterTest, AStreamedSectionEqualsOneWrittenAtOnce) {
    FileWriter whole(path_, description_);
    whole.add(SectionKind::kVectors, std::span<const float>(rows_));
    whole.commit();
    const std::string other = folder_.file("b.kith");
    FileWriter parts(other, description_);
    parts.begin(SectionKind::kVectors);
    for (const float& each : rows_) parts.write(std::span<const float>(&each, 1));
    parts.end();
    parts.commit();
    EXPECT_EQ(read_bytes(path_), read_bytes(other));
}

TEST_F(FileWriterTest, TheDescriptionMayBecomeKnownAtTheEnd) {
    FileWriter writer(path_, {});
    writer.add(SectionKind::kVectors, std::span<const float>(rows_));
    writer.set_description(description_);
    writer.commit();
    EXPECT_EQ(FileReader(path_).description().count, 3u);
}

TEST_F(FileWriterTest, PartsHaveSectionsOfTheSameKinds) {
    FileWriter writer(path_, description_);
    writer.add(SectionKind::kVectors, std::span<const float>(rows_));
    writer.set_part(7);
    EXPECT_FALSE(writer.has(SectionKind::kVectors));
    writer.add(SectionKind::kVectors, std::span<const float>(rows_).first(2));
    EXPECT_THROW(writer.begin(SectionKind::kVectors), InvalidArgument);
    writer.set_part(0);
    EXPECT_TRUE(writer.has(SectionKind::kVectors));
    writer.commit();
    const FileReader whole(path_);
    EXPECT_EQ(whole.vectors().size(), 24u);
    const FileReader part = whole.part(7, 1);
    EXPECT_EQ(part.description().count, 1u);
    EXPECT_EQ(part.vectors().size(), 8u);
    EXPECT_FALSE(part.has(SectionKind::kKeys));
    EXPECT_THROW((void)whole.part(6, 1).vectors(), CorruptFile);
    EXPECT_EQ(name(in_part(SectionKind::kVectors, 7)), "vectors");
}

TEST_F(FileWriterTest, WithoutCommitTheOldFileStandsAndNothingElse) {
    write_bytes(path_, "old");
    {
        FileWriter writer(path_, description_);
        writer.add(SectionKind::kVectors, std::span<const float>(rows_));
    }
    EXPECT_EQ(read_bytes(path_), "old");
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("a.kith"));
}

TEST_F(FileWriterTest, SectionsOutOfTurnAreRefused) {
    FileWriter writer(path_, description_);
    EXPECT_THROW(writer.write(std::span<const float>(rows_)), InvalidArgument);
    EXPECT_THROW(writer.end(), InvalidArgument);
    writer.begin(SectionKind::kVectors);
    EXPECT_THROW(writer.begin(SectionKind::kKeys), InvalidArgument);
    EXPECT_THROW(writer.commit(), InvalidArgument);
    writer.write(std::span<const float>(rows_));
    writer.end();
    EXPECT_TRUE(writer.has(SectionKind::kVectors));
    EXPECT_FALSE(writer.has(SectionKind::kKeys));
    EXPECT_THROW(writer.begin(SectionKind::kVectors), InvalidArgument);
}

TEST_F(FileWriterTest, VectorsThatDoNotFitTheDescriptionAreNotCommitted) {
    for (const std::uint64_t count : {0, 2, 4}) {
        FileWriter writer(path_, {.dim = 2, .count = count});
        writer.add(SectionKind::kVectors, std::span<const float>(rows_));
        EXPECT_THROW(writer.commit(), InvalidArgument) << count;
    }
    FileWriter writer(path_, {.dim = kMaxDim + 1});
    EXPECT_THROW(writer.commit(), InvalidArgument);
}

TEST_F(FileWriterTest, RefusedFilesLeaveNoTrace) {
    {
        FileWriter writer(path_, {.dim = 2, .count = 9});
        writer.add(SectionKind::kVectors, std::span<const float>(rows_));
        EXPECT_THROW(writer.commit(), InvalidArgument);
    }
    EXPECT_THAT(list_folder(folder_.path()), IsEmpty());
}

}  // namespace
}  // namespace kith::storage
