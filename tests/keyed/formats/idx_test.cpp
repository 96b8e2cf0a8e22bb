#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "keyed/formats/array_file.hpp"
#include "keyed/formats/files.hpp"

namespace kith::keyed {
namespace {

ArrayLayout layout_of_idx(const std::string& bytes) {
    static const std::string path = "f.idx";
    return idx_layout({path, storage::copy_of(std::as_bytes(std::span(bytes)))});
}

std::string head(char type, std::initializer_list<unsigned char> sizes) {
    std::string bytes = {0, 0, type, static_cast<char>(sizes.size())};
    for (const unsigned char size : sizes) bytes += std::string(3, '\0') + static_cast<char>(size);
    return bytes;
}

TEST(Idx, AllButTheFirstDimensionMakeUpARow) {
    const ArrayLayout images = layout_of_idx(head(8, {2, 3, 4}) + std::string(24, 'x'));
    EXPECT_EQ(images.rows, 2U);
    EXPECT_EQ(images.dim, 12U);
    EXPECT_EQ(images.type, NumberType::kUint8);
    EXPECT_EQ(images.offset, 16U);
    const ArrayLayout labels = layout_of_idx(head(8, {5}) + std::string(5, 'x'));
    EXPECT_EQ(labels.rows, 5U);
    EXPECT_EQ(labels.dim, 1U);
    EXPECT_EQ(layout_of_idx(head(0x0e, {1, 2}) + std::string(16, 0)).type, NumberType::kFloat64);
}

TEST(Idx, WhatCannotBeIsRefused) {
    for (const std::string& bytes :
         {std::string(), std::string("\0\0", 2), std::string("\0\1\10\1", 4), head(8, {}), head(7, {1}) + "x",
          head(8, {2, 3}) + "xxxxx", head(8, {2, 3}) + "xxxxxxx", head(8, {2, 0}), head(8, {2, 3}).substr(0, 9),
          std::string("\0\0\10\3\0\0\0\2\xff\xff\xff\xff\xff\xff\xff\xff", 16) + "x"}) {
        EXPECT_THROW(static_cast<void>(layout_of_idx(bytes)), CorruptFile);
    }
}

TEST(Idx, TheHeadWrittenReadsBack) {
    EXPECT_EQ(layout_of_idx(idx_head(300, 2, NumberType::kInt16) + std::string(1200, 0)).rows, 300U);
    EXPECT_THROW(static_cast<void>(idx_head(1, 1, NumberType::kFloat16)), InvalidArgument);
    EXPECT_THROW(static_cast<void>(idx_head(std::size_t{1} << 32, 1, NumberType::kUint8)), InvalidArgument);
}

}  // namespace
}  // namespace kith::keyed
