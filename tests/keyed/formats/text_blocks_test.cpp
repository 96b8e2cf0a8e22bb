#include "keyed/formats/text_blocks.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "keyed/formats/files.hpp"

namespace kith::keyed {
namespace {

TEST(TextBlocks, TheFirstLineTellsTheShape) {
    const TextShape with = shape_of("3 2", TextHeader::kDetect, "f");
    EXPECT_EQ(with.dim, 2U);
    EXPECT_EQ(with.promised_rows, 3U);
    EXPECT_EQ(with.header_bytes, 4U);
    const TextShape without = shape_of("the 1 2", TextHeader::kDetect, "f");
    EXPECT_EQ(without.dim, 2U);
    EXPECT_FALSE(without.promised_rows);
    EXPECT_EQ(without.header_bytes, 0U);
    EXPECT_EQ(shape_of("3 2", TextHeader::kAbsent, "f").dim, 1U) << "the word 3 at 2";
    EXPECT_THROW(static_cast<void>(shape_of("the 1 2", TextHeader::kPresent, "f")), CorruptFile);
    EXPECT_THROW(static_cast<void>(shape_of("words only", TextHeader::kDetect, "f")), CorruptFile);
    EXPECT_THROW(static_cast<void>(shape_of("3 0", TextHeader::kDetect, "f")), CorruptFile);
    EXPECT_THROW(static_cast<void>(shape_of("3 18446744073709551615", TextHeader::kDetect, "f")), CorruptFile);
}

TEST(TextBlocks, LinesAreCountedAndCut) {
    EXPECT_EQ(count_lines(""), 0U);
    EXPECT_EQ(count_lines("a"), 1U);
    EXPECT_EQ(count_lines("a\nb\n"), 2U);
    EXPECT_EQ(count_lines("a\n\nb"), 3U);
    EXPECT_EQ(first_lines("a\nb\nc", 2), "a\nb\n");
    EXPECT_EQ(first_lines("a\nb\nc", 9), "a\nb\nc");
    EXPECT_EQ(first_lines("a\nb", 0), "");
    EXPECT_EQ(without_empty_end("a\nb\n\n\r\n"), "a\nb\n");
    EXPECT_EQ(without_empty_end("a\nb"), "a\nb");
    EXPECT_EQ(without_empty_end("\n\n"), "");
}

TEST(TextBlocks, RowsAndLineNumbersAreCountedFromTheBlock) {
    const std::string path = "f";
    const TextBlock block{"a 1 2\nb 3 4\nc 5\n", 50, 10};
    std::vector<float> numbers(4);
    KeyList keys;
    parse_block(block, 2, 2, InvalidUtf8::kThrow, path, numbers.data(), keys);
    EXPECT_EQ(numbers, (std::vector<float>{1, 2, 3, 4}));
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0], "a");
    EXPECT_EQ(keys[1], "b");
    EXPECT_EQ(test::error_of([&] { throw_first_error(block, 2, InvalidUtf8::kThrow, path); }),
              "'f' at byte 65: expected a key and 2 numbers on line 12, found 1 numbers");
}

TEST(TextBlocks, MoreNumbersThanBytesCannotBe) {
    EXPECT_TRUE(can_hold(8, 2, 2));
    EXPECT_FALSE(can_hold(7, 2, 2));
    EXPECT_FALSE(can_hold(100, 1, std::size_t{1} << 40));
    EXPECT_FALSE(can_hold(100, ~std::size_t{0}, 2));
}

}  // namespace
}  // namespace kith::keyed
