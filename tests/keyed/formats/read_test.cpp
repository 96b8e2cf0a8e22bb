#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/vector_formats.hpp>

#include "keyed/formats/files.hpp"
#include "keyed/random_vectors.hpp"
#include "support/data.hpp"

namespace kith {
namespace {

std::vector<std::string> keys_of(const KeyedVectors& vectors) {
    const std::vector<std::string_view> keys = vectors.keys();
    return {keys.begin(), keys.end()};
}

TEST(Read, OfDuplicateKeysTheFirstStaysAndTheOthersAreReported) {
    const test::TempDir dir;
    test::write_file(dir.file("v.txt"), "a 1\nb 2\na 3\nc 4\nb 5\n");
    std::vector<std::string> warnings;
    const ReadOptions options{.on_warning = [&](std::string_view text) { warnings.emplace_back(text); }};
    const KeyedVectors vectors = read_keyed_vectors(dir.file("v.txt"), options);
    EXPECT_EQ(keys_of(vectors), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(vectors.vector("a")[0], 1);
    EXPECT_EQ(vectors.vector("b")[0], 2);
    EXPECT_EQ(vectors.vector("c")[0], 4);
    EXPECT_EQ(vectors.norms().size(), 3U);
    ASSERT_EQ(warnings.size(), 2U);
    EXPECT_TRUE(test::mentions(warnings[0], "row 2 has the key 'a' again"));
    EXPECT_EQ(read_matrix(dir.file("v.txt")).rows(), 5U) << "without keys nothing is a duplicate";
}

TEST(Read, WarningsAreFewAndThenCounted) {
    const test::TempDir dir;
    std::string text;
    for (int i = 0; i < 100; ++i) text += "a 1\n";
    test::write_file(dir.file("v.txt"), text);
    std::vector<std::string> warnings;
    const ReadOptions options{.on_warning = [&](std::string_view message) { warnings.emplace_back(message); }};
    EXPECT_EQ(read_keyed_vectors(dir.file("v.txt"), options).size(), 1U);
    ASSERT_EQ(warnings.size(), 11U);
    EXPECT_EQ(warnings.back(), "99 rows with duplicate keys in all");
}

TEST(Read, CountsComeFromAFileOfTheirOwn) {
    const test::TempDir dir;
    test::write_file(dir.file("v.txt"), "a 1\nb 2\nc 3\n");
    test::write_file(dir.file("counts"), "b 20\nx 5\na 1000000000000 \r\n");
    std::vector<std::string> warnings;
    ReadOptions options{.vocab_path = dir.file("counts"),
                        .on_warning = [&](std::string_view message) { warnings.emplace_back(message); }};
    const KeyedVectors vectors = read_keyed_vectors(dir.file("v.txt"), options);
    EXPECT_TRUE(std::ranges::equal(vectors.counts(), std::vector<std::uint64_t>{1'000'000'000'000, 20, 0}));
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_TRUE(test::mentions(warnings[0], "no count for the key 'c'"));
    for (const char* const bad : {"a\n", "a b\n", "a -1\n", "a 1x\n", "\n", "\xff 1\n"}) {
        test::write_file(dir.file("counts"), bad);
        EXPECT_THROW(static_cast<void>(read_keyed_vectors(dir.file("v.txt"), options)), CorruptFile) << bad;
    }
}

TEST(Read, FormatsWithoutKeysGiveRowNumbers) {
    const test::TempDir dir;
    write_matrix(dir.file("v.npy"), test::random_matrix(12, 3).view());
    const KeyedVectors vectors = read_keyed_vectors(dir.file("v.npy"));
    EXPECT_EQ(vectors.key(11), "11");
    EXPECT_EQ(vectors.find("7"), 7U);
    EXPECT_EQ(read_keyed_vectors(dir.file("v.npy"), {.limit = 5}).size(), 5U);
}

TEST(Read, AKithFileIsMappedAndMayBeLimited) {
    const test::TempDir dir;
    const KeyedVectors saved = test::random_keyed(30, 4);
    saved.save(dir.file("v.kith"));
    EXPECT_EQ(keys_of(read_keyed_vectors(dir.file("v.kith"))), keys_of(saved));
    EXPECT_EQ(read_keyed_vectors(dir.file("v.kith"), {.limit = 3}).size(), 3U);
    EXPECT_EQ(read_matrix(dir.file("v.kith"), {.limit = 3}).row(2)[1], saved.vector(2)[1]);
}

TEST(Read, WhatIsNotThereIsAnIoError) {
    EXPECT_THROW(static_cast<void>(read_keyed_vectors("/nonexistent/v.txt")), IoError);
    EXPECT_THROW(static_cast<void>(read_matrix("/")), IoError);
}

TEST(Read, IvecsKeepEveryBit) {
    const test::TempDir dir;
    const IntMatrix written{.rows = 2, .cols = 2, .values = {2147483647, -1, 16'777'217, 0}};
    write_ivecs(dir.file("v.ivecs"), written);
    EXPECT_EQ(read_ivecs(dir.file("v.ivecs")).values, written.values);
    EXPECT_THROW(static_cast<void>(read_matrix(dir.file("v.ivecs"))), CorruptFile) << "float32 does not hold them";
    const IntMatrix wrong{.rows = 2, .cols = 2, .values = {1}};
    EXPECT_THROW(write_ivecs(dir.file("v.ivecs"), wrong), InvalidArgument);
}

TEST(Read, NoDamageToAnArrayFileCrashes) {
    const test::TempDir dir;
    const Matrix matrix = [] {
        Matrix whole(20, 3);
        for (std::size_t i = 0; i < 60; ++i) whole.data()[i] = static_cast<float>(i);
        return whole;
    }();
    for (const std::string file_name : {"v.npy", "v.idx", "v.fvecs", "v.bvecs", "v.ivecs"}) {
        write_matrix(dir.file(file_name), matrix.view());
        const VectorFormat format = format_of_name(file_name);
        test::expect_robust(test::read_file(dir.file(file_name)), file_name, 2000, [&](const std::string& path) {
            const Matrix read = read_matrix(path, {.format = format});
            for (std::size_t i = 0; i < read.rows() * read.cols(); ++i) EXPECT_TRUE(std::isfinite(read.data()[i]));
        });
    }
}

TEST(Read, FashionMnistIsWhatItsReadmeSays) {
    KITH_NEED_DATA(path, "t10k-images-idx3-ubyte.gz");
    const Matrix images = read_matrix(path);
    EXPECT_EQ(images.rows(), 10'000U);
    EXPECT_EQ(images.cols(), 784U);
    for (std::size_t i = 0; i < 784; ++i) {
        const float pixel = images.row(9'999)[i];
        EXPECT_TRUE(pixel >= 0 && pixel <= 255 && pixel == std::floor(pixel));
    }
}

TEST(Read, GloveIsReadAsItStands) {
    KITH_NEED_DATA(path, "glove.6B.50d.txt.gz");
    const KeyedVectors vectors = read_keyed_vectors(path, {.limit = 2000});
    EXPECT_EQ(vectors.size(), 2000U);
    EXPECT_EQ(vectors.dim(), 50U);
    EXPECT_EQ(vectors.key(0), "the");
    EXPECT_EQ(vectors.vector("the")[0], 0.418F);
    EXPECT_EQ(vectors.vector("the")[49], -0.78581F);
}

}  // namespace
}  // namespace kith
