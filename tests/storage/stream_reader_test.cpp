#include "storage/stream_reader.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include <kith/error.hpp>

#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

class StreamReaderTest : public ::testing::Test {
protected:
    // Small chunks, so that lines and records span them.
    StreamReader open(const std::string& text, std::size_t chunk = 4) {
        test::write_bytes(path_, text);
        return StreamReader(path_, chunk);
    }

    std::vector<std::string> lines(const std::string& text, std::size_t chunk) {
        StreamReader reader = open(text, chunk);
        std::vector<std::string> out;
        while (const auto line = reader.line()) {
            out.emplace_back(*line);
            EXPECT_EQ(reader.line_number(), out.size());
        }
        EXPECT_EQ(reader.offset(), text.size());
        return out;
    }

    test::TempDir folder_;
    std::string path_ = folder_.file("file");
};

TEST_F(StreamReaderTest, SplitsLinesWhateverTheChunksAndLineEnds) {
    for (const std::size_t chunk : {1, 2, 3, 4, 5, 100}) {
        EXPECT_EQ(lines("", chunk), (std::vector<std::string>{}));
        EXPECT_EQ(lines("\n", chunk), (std::vector<std::string>{""}));
        EXPECT_EQ(lines("one\ntwo\n\nfour", chunk), (std::vector<std::string>{"one", "two", "", "four"}));
        EXPECT_EQ(lines("one\r\ntwo\r\n", chunk), (std::vector<std::string>{"one", "two"}));
        EXPECT_EQ(lines("a rather long line\n", chunk), (std::vector<std::string>{"a rather long line"}));
    }
}

TEST_F(StreamReaderTest, MixesTokensAndBinaryRecords) {
    StreamReader reader = open("2 3\nword \x01\x02\x03\x04\nnext \x05\x06\x07\x08");
    EXPECT_EQ(*reader.line(), "2 3");
    EXPECT_EQ(*reader.until(' '), "word");
    std::array<std::byte, 4> record{};
    reader.read_exactly(record, "a row");
    EXPECT_EQ(record[3], std::byte{4});
    ASSERT_EQ(reader.peek(), '\n');
    reader.skip_byte();
    EXPECT_EQ(reader.offset(), 14u);
    EXPECT_EQ(*reader.until(' '), "next");
    reader.read_exactly(record, "a row");
    EXPECT_EQ(record[0], std::byte{5});
    EXPECT_FALSE(reader.peek());
    EXPECT_FALSE(reader.until(' '));
}

TEST_F(StreamReaderTest, ARecordThatEndsTooSoonSaysWhatWasWanted) {
    StreamReader reader = open("abcdef");
    std::array<std::byte, 10> record{};
    try {
        reader.read_exactly(record, "vector 7");
        FAIL() << "expected CorruptFile";
    } catch (const CorruptFile& error) {
        EXPECT_EQ(error.offset(), 6u);
        EXPECT_NE(std::string(error.what()).find("10 bytes of vector 7"), std::string::npos) << error.what();
    }
}

TEST_F(StreamReaderTest, ReadingStopsShortOnlyAtTheEnd) {
    StreamReader reader = open("abcdefghij");
    std::array<std::byte, 7> part{};
    EXPECT_EQ(reader.read(part), 7u);
    EXPECT_EQ(reader.read(part), 3u);
    EXPECT_EQ(reader.read(part), 0u);
}

TEST_F(StreamReaderTest, ARunBeyondTheLimitIsAnErrorAtItsStart) {
    for (const std::size_t chunk : {1, 4, 100}) {
        StreamReader reader = open("ab\n123456789\n", chunk);
        EXPECT_EQ(*reader.line(2), "ab");
        try {
            (void)reader.line(8);
            FAIL() << "expected CorruptFile";
        } catch (const CorruptFile& error) {
            EXPECT_EQ(error.offset(), 3u);
        }
        StreamReader again = open("ab\n123456789\n", chunk);
        (void)again.line();
        EXPECT_EQ(*again.line(9), "123456789");
    }
}

}  // namespace
}  // namespace kith::storage
