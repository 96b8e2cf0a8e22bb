#include "keyed/formats/text_row.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "kernel/select.hpp"
#include "keyed/formats/files.hpp"

namespace kith::keyed {
namespace {

const std::string kPath = "file.txt";

using Row = std::pair<std::string, std::vector<float>>;

Row parsed_with(kernel::DecimalsFn take, std::string_view line, std::size_t dim) {
    const std::string file = std::string(line) + "\nnext 1.5 2.5" + std::string(kernel::kDecimalSlack, '9');
    std::vector<float> numbers(dim);
    const std::string_view key = parse_row(std::string_view(file).substr(0, line.size()), dim, numbers.data(),
                                           {kPath, 100, 7}, {take, file.data() + file.size()});
    return {std::string(key), numbers};
}

// Reads one number after the other, then many at a time on every instruction set, all with the same outcome.
Row parsed(std::string_view line, std::size_t dim) {
    std::optional<Row> first;
    const std::string error = test::error_of([&] { first = parsed_with(nullptr, line, dim); });
    for (const kernel::Table* const table : kernel::available()) {
        std::optional<Row> row;
        EXPECT_EQ(error, test::error_of([&] { row = parsed_with(kernel::decimal_kernel(*table), line, dim); }));
        EXPECT_EQ(row, first) << line << " on " << table->name;
    }
    return first ? *first : parsed_with(nullptr, line, dim);
}

TEST(TextRow, AKeyAndItsNumbers) {
    const std::vector<float> numbers = {0.5F, -2, 1e-3F};
    for (const char* const line :
         {"the 0.5 -2 1e-3", "the 0.5 -2 1e-3 ", "the\t0.5\t-2\t1e-3\r", "the 0.5  -2 +1e-3 \t"}) {
        EXPECT_EQ(parsed(line, 3), std::pair(std::string("the"), numbers)) << line;
    }
    EXPECT_EQ(parsed(" 0.5 -2 1e-3", 3).first, "") << "the empty key";
    EXPECT_EQ(parsed("1 0.5 -2 1e-3", 3).first, "1");
}

TEST(TextRow, AKeyMayHoldSpaces) {
    EXPECT_EQ(parsed(". . . 1 2", 2).first, ". . .");
    EXPECT_EQ(parsed("at name@domain.com 1 2", 2).first, "at name@domain.com");
}

TEST(TextRow, ErrorsNameLineByteAndWhatIsThere) {
    const auto error = [](std::string_view line, std::size_t dim) {
        return test::error_of([&] { static_cast<void>(parsed(line, dim)); });
    };
    EXPECT_EQ(error("the 1 2", 3),
              "'file.txt' at byte 107: expected a key and 3 numbers on line 7, found 2 numbers");
    EXPECT_EQ(error("the 1 x 2", 3),
              "'file.txt' at byte 106: expected a finite number as value 2 on line 7, found 'x'");
    EXPECT_EQ(error("the 1 nan", 2),
              "'file.txt' at byte 106: expected a finite number as value 2 on line 7, found 'nan'");
    EXPECT_EQ(error("the 1 2 3", 2),
              "'file.txt' at byte 104: expected a key and 2 numbers on line 7, found more numbers");
    EXPECT_EQ(error("", 2), "'file.txt' at byte 100: expected a key and 2 numbers on line 7, found an empty line");
    EXPECT_EQ(error("a 1e99", 1),
              "'file.txt' at byte 102: expected a finite number as value 1 on line 7, found '1e99'");
}

TEST(TextRow, NumbersOfAnyNotationStandSideBySide) {
    std::mt19937 random(1);
    for (int round = 0; round < 3'000; ++round) {
        const std::size_t dim = 1 + random() % 200;
        std::string line = "key";
        for (std::size_t i = 0; i < dim; ++i) {
            const double value = (static_cast<double>(random()) - 2e9) * 1e-9;
            switch (random() % (round % 2 == 0 ? 40 : 6)) {
                case 0: line += fmt::format(" {:.3e}", value); break;
                case 1: line += fmt::format(" {:.0f}", value); break;
                case 2: line += fmt::format("  {:.20f}", value); break;
                case 3: line += fmt::format("\t+{:.4f}", value < 0 ? -value : value); break;
                default: line += fmt::format(" {:.{}f}", value, 1 + random() % 12);
            }
        }
        EXPECT_EQ(parsed(line, dim).first, "key");
        line[line.size() - 1 - random() % (line.size() / 2)] = " x-.e\r\t"[random() % 7];
        static_cast<void>(test::error_of([&] { static_cast<void>(parsed(line, dim)); }));
    }
}

TEST(TextRow, AHugeDimensionWritesNothing) {
    float none = 0;
    EXPECT_THROW(static_cast<void>(parse_row("a 1 2", std::size_t{1} << 31, &none, {kPath, 0, 1})), CorruptFile);
    EXPECT_EQ(none, 0);
}

TEST(TextRow, HeadersAreTwoWholeNumbers) {
    EXPECT_EQ(parse_header("400000 50")->rows, 400'000U);
    EXPECT_EQ(parse_header("400000\t50 \r")->dim, 50U);
    for (const char* const line :
         {"", "5", "5 ", "the 5", "5 5 5", "5.0 5", "-5 5", "5 99999999999999999999", "5 5x"}) {
        EXPECT_FALSE(parse_header(line)) << line;
    }
}

TEST(TextRow, NumbersAreCountedFromTheEnd) {
    EXPECT_EQ(count_numbers("the 1 2 3"), 3U);
    EXPECT_EQ(count_numbers("1 2 3"), 2U) << "the first field is the key";
    EXPECT_EQ(count_numbers(". . . 1 2 "), 2U);
    EXPECT_FALSE(count_numbers("just words"));
    EXPECT_FALSE(count_numbers(""));
}

}  // namespace
}  // namespace kith::keyed
