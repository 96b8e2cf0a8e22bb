#include "embed/id_array.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "support/temp_dir.hpp"

namespace kith::embed {
namespace {

void fill(IdArray& array, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; i += 2) {
        array.push_back(i);
        *array.extend(1) = i + 1;
    }
}

void expect_counting(const IdArray& array, std::uint32_t count) {
    ASSERT_EQ(array.size(), count);
    for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(array.span()[i], i);
}

TEST(IdArray, KeepsWhatWasAppendedInMemory) {
    IdArray array(std::uint64_t{1} << 30, {});
    fill(array, 1'000'000);
    array.shrink_to_fit();
    EXPECT_FALSE(array.in_file());
    expect_counting(array, 1'000'000);
}

TEST(IdArray, MovesToAFileThatDisappearsWithIt) {
    const test::TempDir folder;
    {
        IdArray array(1'000'000, folder.path().string());
        fill(array, 1'000'000);
        array.shrink_to_fit();
        EXPECT_TRUE(array.in_file());
        expect_counting(array, 1'000'000);
        EXPECT_FALSE(std::filesystem::is_empty(folder.path()));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(IdArray, AFolderThatIsNotThereIsAnIoError) {
    IdArray array(0, "/no/such/folder");
    EXPECT_THROW(array.push_back(1), IoError);
}

TEST(IdArray, ShrinkingAnEmptyOneIsFine) {
    IdArray array(1 << 20, {});
    array.shrink_to_fit();
    EXPECT_TRUE(array.span().empty());
}

}  // namespace
}  // namespace kith::embed
