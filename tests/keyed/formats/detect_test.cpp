#include <gtest/gtest.h>

#include <kith/error.hpp>
#include <kith/vector_formats.hpp>

#include "keyed/formats/files.hpp"
#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

TEST(Detect, NamesAndAliasesGoBothWays) {
    for (const VectorFormat format :
         {VectorFormat::kAuto, VectorFormat::kWord2vecText, VectorFormat::kWord2vecBinary, VectorFormat::kNpy,
          VectorFormat::kFvecs, VectorFormat::kBvecs, VectorFormat::kIvecs, VectorFormat::kIdx,
          VectorFormat::kKith}) {
        EXPECT_EQ(parse_vector_format(name(format)), format);
    }
    EXPECT_EQ(parse_vector_format("GloVe"), VectorFormat::kWord2vecText);
    EXPECT_TRUE(test::mentions(test::error_of([] { static_cast<void>(parse_vector_format("csv")); }),
                               "'csv'; there are auto, word2vec, word2vec-binary, npy"));
    EXPECT_EQ(name(NumberType::kFloat16), "float16");
    EXPECT_EQ(name(NumberType::kInt32), "int32");
}

TEST(Detect, EndingsTell) {
    EXPECT_EQ(format_of_name("a/b.txt"), VectorFormat::kWord2vecText);
    EXPECT_EQ(format_of_name("b.vec.gz"), VectorFormat::kWord2vecText);
    EXPECT_EQ(format_of_name("b.bin"), VectorFormat::kWord2vecBinary);
    EXPECT_EQ(format_of_name("train-images-idx3-ubyte.gz"), VectorFormat::kIdx);
    EXPECT_EQ(format_of_name("b.fvecs"), VectorFormat::kFvecs);
    EXPECT_EQ(format_of_name("b"), VectorFormat::kAuto);
    EXPECT_EQ(format_of_name(".gz"), VectorFormat::kAuto);
}

TEST(Detect, ContentIsStrongerThanTheName) {
    const test::TempDir dir;
    const std::string path = dir.file("v.dat");
    const KeyedVectors vectors = test::random_keyed(20, 3);
    for (const VectorFormat format : {VectorFormat::kWord2vecText, VectorFormat::kWord2vecBinary,
                                      VectorFormat::kNpy, VectorFormat::kIdx, VectorFormat::kKith}) {
        write_keyed_vectors(path, vectors, {.format = format});
        EXPECT_EQ(detect_format(path), format) << name(format);
        write_keyed_vectors(dir.file("v.txt"), vectors, {.format = format});
        EXPECT_EQ(detect_format(dir.file("v.txt")), format) << name(format);
    }
    write_keyed_vectors(path, vectors, {.format = VectorFormat::kWord2vecText, .header = false});
    EXPECT_EQ(detect_format(path), VectorFormat::kWord2vecText);
    test::write_gzip(path, "2 1\na 1\nb 2\n");
    EXPECT_EQ(detect_format(path), VectorFormat::kWord2vecText);
    write_keyed_vectors(dir.file("v.fvecs"), vectors);
    EXPECT_EQ(detect_format(dir.file("v.fvecs")), VectorFormat::kFvecs);
}

TEST(Detect, WhatCannotBeToldIsSaid) {
    const test::TempDir dir;
    test::write_file(dir.file("v.dat"), "just some words\n");
    EXPECT_THROW(static_cast<void>(detect_format(dir.file("v.dat"))), InvalidArgument);
    test::write_file(dir.file("v.dat"), "");
    EXPECT_THROW(static_cast<void>(detect_format(dir.file("v.dat"))), InvalidArgument);
    EXPECT_THROW(static_cast<void>(detect_format(dir.file("none"))), IoError);
    test::write_file(dir.file("v.txt"), "just some words\n");
    EXPECT_EQ(detect_format(dir.file("v.txt")), VectorFormat::kWord2vecText)
        << "so that the parser says what is wrong";
}

}  // namespace
}  // namespace kith
