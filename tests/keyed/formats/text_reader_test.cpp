#include "keyed/formats/text_reader.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "keyed/formats/files.hpp"
#include "keyed/random_vectors.hpp"

namespace kith::keyed {
namespace {

struct TextRows {
    std::size_t dim;
    std::vector<float> numbers;
    std::vector<std::string> keys;

    friend bool operator==(const TextRows&, const TextRows&) = default;
};

TextRows read_parsed(const std::string& path, const ReadOptions& options = {}) {
    Parsed parsed = read_text(path, options);
    const std::span<float> numbers = parsed.numbers.as<float>();
    std::vector<std::string> keys;
    for (const KeyList& list : parsed.keys) {
        for (std::size_t i = 0; i < list.size(); ++i) keys.emplace_back(list[i]);
    }
    EXPECT_EQ(keys.size(), parsed.rows);
    EXPECT_EQ(numbers.size(), parsed.rows * parsed.dim);
    return {parsed.dim, {numbers.begin(), numbers.end()}, {keys.begin(), keys.end()}};
}

// Reads the text plain and compressed with 1 and 3 threads, which must all agree.
TextRows read_all_ways(const std::string& text, ReadOptions options = {}) {
    const test::TempDir dir;
    test::write_file(dir.file("v.txt"), text);
    test::write_gzip(dir.file("v.txt.gz"), text);
    const TextRows first = read_parsed(dir.file("v.txt"), options);
    for (const char* const name : {"v.txt", "v.txt.gz"}) {
        for (const std::size_t threads : {1U, 2U, 3U}) {
            options.threads = threads;
            EXPECT_EQ(read_parsed(dir.file(name), options), first);
        }
    }
    return first;
}

std::string error_both_ways(const std::string& text, const ReadOptions& options = {}) {
    const test::TempDir dir;
    test::write_file(dir.file("v.txt"), text);
    test::write_gzip(dir.file("v.txt.gz"), text);
    const std::string plain = test::error_of([&] { static_cast<void>(read_parsed(dir.file("v.txt"), options)); });
    const std::string packed =
        test::error_of([&] { static_cast<void>(read_parsed(dir.file("v.txt.gz"), options)); });
    const auto tail = [](const std::string& message) { return message.substr(message.find("' at byte")); };
    EXPECT_EQ(tail(plain), tail(packed));
    return tail(plain);
}

TEST(TextReader, ReadsHeadersAndDoesWithout) {
    const TextRows expected{2, {1, 2, 3, 4}, {"a", "b"}};
    EXPECT_EQ(read_all_ways("2 2\na 1 2\nb 3 4\n"), expected);
    EXPECT_EQ(read_all_ways("2 2\r\na 1 2\r\nb 3 4\r\n\r\n"), expected);
    EXPECT_EQ(read_all_ways("a 1 2\nb 3 4"), expected);
    EXPECT_EQ(read_all_ways("a 1 2 \nb 3 4 \n\n\n"), expected);
    EXPECT_EQ(read_all_ways("0 2\n"), (TextRows{2, {}, {}}));
    EXPECT_EQ(read_all_ways("7 3\n8 4\n", {.header = TextHeader::kAbsent}), (TextRows{1, {3, 4}, {"7", "8"}}));
}

TEST(TextReader, ALimitReadsTheFirstRowsAndNothingBehindThem) {
    const std::string text = "3 1\na 1\nb 2\nthis line is damaged\n";
    const TextRows expected{1, {1, 2}, {"a", "b"}};
    EXPECT_EQ(read_all_ways(text, {.limit = 2}), expected);
    EXPECT_EQ(read_all_ways("9 1\na 1\nb 2\n", {.limit = 2}), expected)
        << "the header's number does not matter then";
    EXPECT_EQ(read_all_ways("2 1\na 1\nb 2\n", {.limit = 20}), expected);
}

TEST(TextReader, ManyPiecesAreOneFile) {
    std::string text;
    TextRows expected{3, {}, {}};
    for (int i = 0; i < 150'000; ++i) {
        const std::string key = "key" + std::to_string(i);
        text += key + " " + std::to_string(i) + " 0.5 -" + std::to_string(i % 7) + "\n";
        expected.numbers.insert(expected.numbers.end(), {static_cast<float>(i), 0.5F, -static_cast<float>(i % 7)});
        expected.keys.push_back(key);
    }
    ASSERT_GT(text.size(), std::size_t{3} << 20);
    EXPECT_TRUE(read_all_ways(text) == expected);
    const TextRows limited = read_all_ways(text, {.limit = 100'001});
    EXPECT_EQ(limited.keys.size(), 100'001U);
    EXPECT_EQ(limited.keys.back(), "key100000");
    const std::size_t at = text.find("key120000 ");
    text.insert(at + 10, "1 ");
    EXPECT_NE(error_both_ways(text).find("on line 120001"), std::string::npos);
}

TEST(TextReader, ErrorsSayWhereAndWhat) {
    EXPECT_EQ(error_both_ways("3 1\na 1\nb 2\n"),
              "' at byte 12: expected 3 rows as the header on line 1 says, found the end of the file after 2");
    EXPECT_EQ(error_both_ways("1 1\na 1\nb 2\n"),
              "' at byte 8: expected the end of the file after 1 rows as the header on line 1 says (a limit of 1 "
              "reads just those), found another line");
    EXPECT_EQ(error_both_ways("a 1 2\n\nb 3 4\n"),
              "' at byte 6: expected a key and 2 numbers on line 2, found an empty line");
    EXPECT_EQ(error_both_ways("1000000000000 300\na 1\n"),
              "' at byte 21: expected a key and 300 numbers on line 2, found 1 numbers");
    EXPECT_EQ(error_both_ways("2 2000000000\na 1\n"),
              "' at byte 16: expected a key and 2000000000 numbers on line 2, found 1 numbers");
    EXPECT_EQ(error_both_ways(""), "' at byte 0: expected lines of a key and numbers, found an empty file");
    EXPECT_EQ(error_both_ways("a 1\n\xff 1\n"),
              "' at byte 4: expected a key in UTF-8 (or an invalid_utf8 policy that repairs it), found '\\xff'");
    EXPECT_EQ(error_both_ways("words\n"), "' at byte 0: expected a key and numbers on line 1, found 'words'");
}

TEST(TextReader, KeysThatAreNotUtf8FollowThePolicy) {
    const std::string text = "a\xc3 1\nb 2\n";
    EXPECT_EQ(read_all_ways(text, {.invalid_utf8 = InvalidUtf8::kIgnore}).keys[0], "a");
    EXPECT_EQ(read_all_ways(text, {.invalid_utf8 = InvalidUtf8::kReplace}).keys[0], "a\xef\xbf\xbd");
}

TEST(TextReader, CanBeStopped) {
    const test::TempDir dir;
    test::write_file(dir.file("v.txt"), "a 1\nb 2\n");
    const ReadOptions options{.progress = [](const Progress&) { return false; }};
    EXPECT_THROW(static_cast<void>(read_parsed(dir.file("v.txt"), options)), Cancelled);
    test::write_gzip(dir.file("v.txt"), "a 1\nb 2\n");
    EXPECT_THROW(static_cast<void>(read_parsed(dir.file("v.txt"), options)), Cancelled);
}

TEST(TextReader, NoDamageCrashesIt) {
    std::string text = "40 4\n";
    for (int i = 0; i < 40; ++i)
        text += "w" + std::to_string(i) + " 0.25 -1.5e-3 12345.678 " + std::to_string(i) + "\n";
    test::expect_robust(text, "v.txt", 4000, [](const std::string& path) {
        for (const float value : read_parsed(path, {.invalid_utf8 = InvalidUtf8::kReplace}).numbers) {
            EXPECT_TRUE(std::isfinite(value));
        }
    });
}

}  // namespace
}  // namespace kith::keyed
