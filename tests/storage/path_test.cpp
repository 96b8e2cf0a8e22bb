#include "storage/path.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/error.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/open.hpp>
#include <kith/vector_formats.hpp>

#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

TEST(Path, WithoutANulIsLeftToTheSystem) {
    for (const char* path : {"", "a", "../a", "a b\n", "\xff"}) EXPECT_NO_THROW(check_path(path)) << path;
}

TEST(Path, WithANulIsRefusedByWhateverReadsOrWrites) {
    const test::TempDir folder;
    const std::string real = folder.file("index.kith");
    const std::vector<float> row = {1, 2};
    const FlatIndex index(MatrixView<const float>(row.data(), 1, 2), Metric::kEuclidean);
    index.save(real);
    const std::string before = test::read_bytes(real);
    const std::string path = real + std::string("\0.txt", 5);
    EXPECT_THROW((void)open_index(path), InvalidArgument);
    EXPECT_THROW((void)inspect(path), InvalidArgument);
    EXPECT_THROW((void)Forest::open_annoy(path, Metric::kEuclidean, 2), InvalidArgument);
    EXPECT_THROW((void)read_matrix(path), InvalidArgument);
    EXPECT_THROW((void)Corpus::read(path), InvalidArgument);
    EXPECT_THROW((void)Corpus::read(folder.path().native() + std::string("\0x", 2)), InvalidArgument);
    EXPECT_THROW(index.save(path), InvalidArgument);
    EXPECT_EQ(test::read_bytes(real), before);
    EXPECT_EQ(test::list_folder(folder.path()).size(), 1U);
}

}  // namespace
}  // namespace kith::storage
