#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <limits>

#include <kith/error.hpp>
#include <kith/vector_formats.hpp>

#include "keyed/formats/files.hpp"
#include "keyed/random_vectors.hpp"

namespace kith {
namespace {

// Finite floats of all sizes and signs.
KeyedVectors wild(std::size_t rows, std::size_t dim) {
    std::mt19937 random(6);
    Matrix matrix(rows, dim);
    std::vector<std::string> keys;
    for (std::size_t row = 0; row < rows; ++row) {
        keys.push_back("k\xc3\xa9y" + std::to_string(row));
        for (float& value : matrix.row(row)) {
            do {
                value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
            } while (!(std::abs(value) < 1e37F));
        }
    }
    return KeyedVectors(keys, matrix.view());
}

void expect_same(const KeyedVectors& a, const KeyedVectors& b) {
    ASSERT_EQ(a.keys(), b.keys());
    ASSERT_EQ(a.dim(), b.dim());
    for (std::size_t row = 0; row < a.size(); ++row) {
        for (std::size_t i = 0; i < a.dim(); ++i) {
            ASSERT_EQ(std::bit_cast<std::uint32_t>(a.vector(row)[i]),
                      std::bit_cast<std::uint32_t>(b.vector(row)[i]));
        }
    }
}

TEST(Write, EveryFormatReadsBackToTheSameBits) {
    const test::TempDir dir;
    const KeyedVectors vectors = wild(3000, 7);
    for (const std::string file_name : {"v.txt", "v.bin", "v.kith", "v.vec.gz", "v.bin.gz"}) {
        write_keyed_vectors(dir.file(file_name), vectors);
        expect_same(read_keyed_vectors(dir.file(file_name)), vectors);
    }
    write_keyed_vectors(dir.file("c.bin"), vectors, {.newline_after_row = true});
    expect_same(read_keyed_vectors(dir.file("c.bin")), vectors);
    write_keyed_vectors(dir.file("g.txt"), vectors, {.header = false});
    expect_same(read_keyed_vectors(dir.file("g.txt")), vectors);
    for (const std::string file_name : {"v.npy", "v.fvecs", "v.idx", "v.npy.gz", "v.fvecs.gz", "v.idx.gz"}) {
        write_keyed_vectors(dir.file(file_name), vectors);
        const Matrix back = read_matrix(dir.file(file_name));
        EXPECT_EQ(std::memcmp(back.data(), vectors.vectors().data(), back.rows() * back.cols() * sizeof(float)), 0);
        EXPECT_EQ(back.rows(), 3000U);
    }
}

TEST(Write, IntegerAndHalfTypesHoldWhatFits) {
    const test::TempDir dir;
    Matrix matrix(100, 3);
    for (std::size_t i = 0; i < 300; ++i) matrix.data()[i] = static_cast<float>(i % 128);
    for (const NumberType type : {NumberType::kFloat32, NumberType::kFloat64, NumberType::kFloat16,
                                  NumberType::kInt8, NumberType::kUint8, NumberType::kInt16, NumberType::kInt32}) {
        for (const std::string file_name : {"v.npy", "v.idx"}) {
            if (file_name == "v.idx" && type == NumberType::kFloat16) continue;
            write_matrix(dir.file(file_name), matrix.view(), {.type = type});
            const Matrix back = read_matrix(dir.file(file_name));
            EXPECT_TRUE(std::equal(back.data(), back.data() + 300, matrix.data()))
                << file_name << " " << name(type);
        }
    }
    write_matrix(dir.file("v.bvecs"), matrix.view());
    write_matrix(dir.file("v.ivecs"), matrix.view());
    EXPECT_EQ(read_matrix(dir.file("v.bvecs")).row(99)[2], matrix.row(99)[2]);
    EXPECT_EQ(read_matrix(dir.file("v.ivecs")).row(99)[2], matrix.row(99)[2]);
    matrix.row(70)[1] = 0.5F;
    EXPECT_EQ(test::error_of([&] { write_matrix(dir.file("v.bvecs"), matrix.view()); }),
              "row 70, column 1 is 0.5, which uint8 cannot hold");
}

TEST(Write, TextIsWhatGensimWrites) {
    const test::TempDir dir;
    Matrix matrix(2, 2);
    matrix.row(0)[0] = 0.25F;
    matrix.row(1)[1] = 1e-5F;
    const std::vector<std::string> keys = {"a", "b"};
    const std::vector<std::uint64_t> counts = {3, 8};
    const KeyedVectors vectors(keys, matrix.view(), counts);
    write_keyed_vectors(dir.file("v.txt"), vectors);
    EXPECT_EQ(test::read_file(dir.file("v.txt")), "2 2\na 0.25 0.0\nb 0.0 1e-05\n");
    write_keyed_vectors(dir.file("v.txt"), vectors,
                        {.header = false, .prefix = "p_", .sort_by_count = true, .vocab_path = dir.file("counts")});
    EXPECT_EQ(test::read_file(dir.file("v.txt")), "p_b 0.0 1e-05\np_a 0.25 0.0\n");
    EXPECT_EQ(test::read_file(dir.file("counts")), "p_b 8\np_a 3\n");
    const KeyedVectors back = read_keyed_vectors(dir.file("v.txt"), {.vocab_path = dir.file("counts")});
    EXPECT_EQ(back.counts()[0], 8U);
}

TEST(Write, TheBytesDoNotDependOnThreads) {
    const test::TempDir dir;
    const KeyedVectors vectors = wild(5000, 3);
    write_keyed_vectors(dir.file("a.txt"), vectors, {.threads = 1});
    write_keyed_vectors(dir.file("b.txt"), vectors, {.threads = 3});
    EXPECT_EQ(test::read_file(dir.file("a.txt")), test::read_file(dir.file("b.txt")));
}

TEST(Write, WhatAFormatCannotHoldIsRefusedAndNothingIsLeftBehind) {
    const test::TempDir dir;
    const Matrix one = test::random_matrix(1, 2);
    for (const std::string key : {"a b", "a\n", "\ta", "a\r"}) {
        const std::vector<std::string> keys = {key};
        const KeyedVectors vectors(keys, one.view());
        EXPECT_THROW(write_keyed_vectors(dir.file("v.txt"), vectors), InvalidArgument);
        EXPECT_THROW(write_keyed_vectors(dir.file("v.bin"), vectors), InvalidArgument);
        write_keyed_vectors(dir.file("v.kith"), vectors);
        EXPECT_EQ(KeyedVectors::open(dir.file("v.kith")).key(0), key);
    }
    EXPECT_FALSE(std::filesystem::exists(dir.file("v.txt")));
    EXPECT_THROW(write_matrix(dir.file("v"), one.view()), InvalidArgument) << "no format";
    EXPECT_THROW(write_keyed_vectors(dir.file("v.txt"), test::random_keyed(1, 1), {.sort_by_count = true}),
                 InvalidArgument);
    Matrix bad(1, 1);
    bad.data()[0] = std::numeric_limits<float>::infinity();
    EXPECT_THROW(write_matrix(dir.file("v.npy"), bad.view()), InvalidArgument);
    EXPECT_THROW(write_matrix("/nonexistent/v.npy", one.view()), IoError);
}

TEST(Write, AMatrixGetsRowNumbersAsKeys) {
    const test::TempDir dir;
    const Matrix matrix = test::random_matrix(3, 2);
    for (const std::string file_name : {"v.txt", "v.bin", "v.kith"}) {
        write_matrix(dir.file(file_name), matrix.view());
        EXPECT_EQ(read_keyed_vectors(dir.file(file_name)).key(2), "2");
    }
}

}  // namespace
}  // namespace kith
