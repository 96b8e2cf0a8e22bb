#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "keyed/formats/array_file.hpp"
#include "keyed/formats/files.hpp"

namespace kith::keyed {
namespace {

ArrayLayout layout_of_vecs(const std::string& bytes, NumberType type) {
    static const std::string path = "f.vecs";
    return vecs_layout({path, storage::copy_of(std::as_bytes(std::span(bytes)))}, type);
}

std::string row(int length, std::size_t bytes) {
    std::string out;
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(length >> shift));
    return out + std::string(bytes, 'x');
}

TEST(Vecs, EveryRowStartsWithTheLength) {
    const ArrayLayout layout = layout_of_vecs(row(3, 12) + row(3, 12), NumberType::kFloat32);
    EXPECT_EQ(layout.rows, 2U);
    EXPECT_EQ(layout.dim, 3U);
    EXPECT_EQ(layout.stride, 16U);
    EXPECT_EQ(layout.offset, 4U);
    EXPECT_EQ(layout_of_vecs(row(5, 5), NumberType::kUint8).stride, 9U);
}

TEST(Vecs, WhatCannotBeIsRefusedWhereItIs) {
    const auto error = [](const std::string& bytes) {
        return test::error_of([&] { static_cast<void>(layout_of_vecs(bytes, NumberType::kFloat32)); });
    };
    EXPECT_EQ(error(row(2, 8) + row(3, 12)),
              "'f.vecs' at byte 12: expected the length 2 of every row (row 1), found 3");
    EXPECT_EQ(error(row(2, 8) + row(2, 7)),
              "'f.vecs' at byte 23: expected 2 numbers of row 1, found the end of the file");
    EXPECT_EQ(error(row(2, 8) + "x"),
              "'f.vecs' at byte 12: expected the length of row 1, found the end of the file");
    EXPECT_TRUE(test::mentions(error(row(0, 0)), "at least 1"));
    EXPECT_TRUE(test::mentions(error(row(-1, 4)), "at least 1"));
    EXPECT_TRUE(test::mentions(error(row(0x7fffffff, 4)), "end of the file"));
    EXPECT_TRUE(test::mentions(error(""), "empty"));
}

}  // namespace
}  // namespace kith::keyed
