#include "keyed/formats/binary_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include <kith/error.hpp>

#include "keyed/formats/files.hpp"

namespace kith::keyed {
namespace {

std::string row(const std::string& key, const std::vector<float>& numbers, const std::string& end = "") {
    std::string bytes = key + " ";
    bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float));
    return bytes + end;
}

struct BinaryRows {
    std::vector<float> numbers;
    std::vector<std::string> keys;

    friend bool operator==(const BinaryRows&, const BinaryRows&) = default;
};

BinaryRows read(const std::string& path, const ReadOptions& options = {}) {
    Parsed parsed = read_binary(path, options);
    const std::span<float> numbers = parsed.numbers.as<float>();
    std::vector<std::string> keys;
    for (const KeyList& list : parsed.keys) {
        for (std::size_t i = 0; i < list.size(); ++i) keys.emplace_back(list[i]);
    }
    EXPECT_EQ(keys.size(), parsed.rows);
    EXPECT_EQ(numbers.size(), parsed.rows * parsed.dim);
    return {{numbers.begin(), numbers.end()}, {keys.begin(), keys.end()}};
}

// What plain and compressed reading agree on: rows, or an error without its path.
std::pair<BinaryRows, std::string> both_ways(const std::string& bytes, const ReadOptions& options = {}) {
    const test::TempDir dir;
    test::write_file(dir.file("v.bin"), bytes);
    test::write_gzip(dir.file("v.bin.gz"), bytes);
    std::pair<BinaryRows, std::string> results[2];
    for (int i = 0; i < 2; ++i) {
        try {
            results[i].first = read(dir.file(i == 0 ? "v.bin" : "v.bin.gz"), options);
        } catch (const CorruptFile& error) {
            const std::string message = error.what();
            results[i].second = message.substr(message.find("' at byte"));
        }
    }
    EXPECT_EQ(results[0].first, results[1].first);
    EXPECT_EQ(results[0].second.empty(), results[1].second.empty());
    return results[0];
}

TEST(BinaryReader, ReadsRowsWithAndWithoutNewlines) {
    const BinaryRows expected{{1, 2, 3, 4}, {"a", "b"}};
    for (const char* const end : {"", "\n", "\n\n"}) {
        EXPECT_EQ(both_ways("2 2\n" + row("a", {1, 2}, end) + row("b", {3, 4}, end)).first, expected);
    }
    EXPECT_EQ(both_ways("2 2\n\n" + row("a", {1, 2}) + row("b", {3, 4})).first, expected);
    EXPECT_EQ(both_ways("0 2\n").first, BinaryRows{});
}

TEST(BinaryReader, NumbersMayContainSpacesAndNewlines) {
    float tricky = 0;
    std::memcpy(&tricky, " \n \n", 4);
    EXPECT_EQ(both_ways("2 2\n" + row("a", {tricky, tricky}) + row("b", {tricky, 1}, "\n")).first,
              (BinaryRows{{tricky, tricky, tricky, 1}, {"a", "b"}}));
}

TEST(BinaryReader, ALimitStopsBeforeWhatFollows) {
    EXPECT_EQ(both_ways("3 1\n" + row("a", {1}) + row("b", {2}) + "damage", {.limit = 2}).first,
              (BinaryRows{{1, 2}, {"a", "b"}}));
}

TEST(BinaryReader, ManyRowsCrossChunks) {
    BinaryRows expected;
    std::string bytes = "20000 10\n";
    for (int i = 0; i < 20'000; ++i) {
        const std::vector<float> numbers(10, static_cast<float>(i));
        bytes += row("key" + std::to_string(i), numbers, i % 2 == 0 ? "\n" : "");
        expected.numbers.insert(expected.numbers.end(), numbers.begin(), numbers.end());
        expected.keys.push_back("key" + std::to_string(i));
    }
    EXPECT_TRUE(both_ways(bytes).first == expected);
}

TEST(BinaryReader, ErrorsSayWhereAndWhat) {
    const std::string good = "2 2\n" + row("a", {1, 2}) + row("b", {3, 4});
    EXPECT_EQ(both_ways(good.substr(0, good.size() - 1)).second,
              "' at byte 23: expected 2 numbers of row 1 of 2, found the end of the file");
    EXPECT_EQ(both_ways(good + "x").second,
              "' at byte 24: expected the end of the file after 2 rows as the header says (a limit of 2 reads just "
              "those), found more bytes");
    EXPECT_NE(both_ways("1000000000000 300\n" + row("a", {1})).second, "");
    EXPECT_NE(both_ways("2 99999999999\n").second, "");
    EXPECT_NE(both_ways("no header").second, "");
    EXPECT_NE(both_ways("").second, "");
    EXPECT_EQ(both_ways("1 2\n" + row("a", {1, std::nanf("")})).second,
              "' at byte 10: expected a finite number as value 2, found nan");
    EXPECT_NE(both_ways("1 1\n" + row("\xff", {1})).second, "");
    EXPECT_EQ(both_ways("1 1\n" + row("\xff", {1}), {.invalid_utf8 = InvalidUtf8::kReplace}).first.keys[0],
              "\xef\xbf\xbd");
}

TEST(BinaryReader, NoDamageCrashesIt) {
    std::string bytes = "30 3\n";
    for (int i = 0; i < 30; ++i) bytes += row("w" + std::to_string(i), {0.5F, -1, 1e-3F}, i % 2 == 0 ? "\n" : "");
    test::expect_robust(bytes, "v.bin", 3000, [](const std::string& path) {
        for (const float value : read(path, {.invalid_utf8 = InvalidUtf8::kIgnore}).numbers) {
            EXPECT_TRUE(std::isfinite(value));
        }
    });
}

}  // namespace
}  // namespace kith::keyed
