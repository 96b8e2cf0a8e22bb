#include "embed/text_files.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "support/temp_dir.hpp"

namespace kith::embed {
namespace {

TEST(TextFiles, FoldersStandForTheirFilesByName) {
    const test::TempDir folder;
    std::filesystem::create_directories(folder.file("texts/below"));
    std::filesystem::create_directories(folder.file("empty"));
    for (const char* name : {"texts/b", "texts/a", "c"}) std::ofstream(folder.file(name)) << "12345";
    const std::vector<std::string> paths = {folder.file("c"), folder.file("texts")};
    const std::vector<std::string> files = text_files(paths);
    EXPECT_EQ(files, (std::vector<std::string>{folder.file("c"), folder.file("texts/a"), folder.file("texts/b")}));
    EXPECT_EQ(total_size(files), 15U);
    const std::vector<std::string> empty = {folder.file("empty")};
    EXPECT_THROW(static_cast<void>(text_files(empty)), InvalidArgument);
    const std::vector<std::string> missing = {folder.file("none")};
    EXPECT_THROW(static_cast<void>(text_files(missing)), IoError);
    EXPECT_EQ(total_size(missing), 0U);
}

}  // namespace
}  // namespace kith::embed
