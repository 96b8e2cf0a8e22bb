#include "kernel/decimals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/each_set.hpp"
#include "kernel/guarded.hpp"

namespace kith::kernel {
namespace {

class DecimalsTest : public SetTest {
protected:
    void SetUp() override {
        SetTest::SetUp();
        if (!IsSkipped() && decimal_kernel(table()) == nullptr) GTEST_SKIP() << GetParam() << " has none";
    }

    // Reads where one byte beyond the slack is a crash; the slack is filled with `slack`.
    [[nodiscard]] DecimalsTaken take(std::string_view text, std::vector<float>& out, char slack = '7') const {
        auto* const bytes = reinterpret_cast<char*>(memory_.last(text.size() + kDecimalSlack));
        std::fill(std::ranges::copy(text, bytes).out, bytes + text.size() + kDecimalSlack, slack);
        // One more than is asked for, to see it untouched.
        const std::size_t wanted = out.size();
        std::vector<float> room(wanted + 1, -77.0F);
        const DecimalsTaken taken = decimal_kernel(table())(bytes, text.size(), wanted, room.data());
        EXPECT_LE(taken.count, wanted);
        for (std::size_t i = taken.count; i <= wanted; ++i) EXPECT_EQ(room[i], -77.0F) << "wrote more than it says";
        out.assign(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(taken.count));
        return taken;
    }

    // All of them are read, as the standard library reads them.
    void expect_all(const std::vector<std::string>& numbers) const {
        std::string text;
        for (const std::string& number : numbers) {
            if (!text.empty()) text.push_back(' ');
            text.append(number);
        }
        std::size_t i = 0;
        for (std::size_t at = 0; i < numbers.size(); ++at) {
            std::vector<float> out(numbers.size() - i);
            const DecimalsTaken taken = take(std::string_view(text).substr(at), out);
            if (taken.count == 0) {
                FAIL() << "stops at " << numbers[i];
            }
            for (const float value : out) {
                float expected = 0;
                const std::string& number = numbers[i++];
                std::from_chars(number.data(), number.data() + number.size(), expected);
                ASSERT_EQ(std::bit_cast<std::uint32_t>(value), std::bit_cast<std::uint32_t>(expected)) << number;
            }
            at += taken.bytes;
            ASSERT_TRUE(at == text.size() || text[at] == ' ');
        }
    }

    void expect_stop(const std::string& number) const {
        for (const std::string before : {"", "1.5 ", "-1.5 2.5 .5 4.25 5.5 6. -7.5 0.8 "}) {
            std::vector<float> out(20);
            const std::size_t count = static_cast<std::size_t>(std::ranges::count(before, ' '));
            const DecimalsTaken taken = take(before + number + " 2.5 3.5 4.5 5.5 6.5 7.5 8.5 9.5", out);
            EXPECT_EQ(taken.count, count) << before << number;
            EXPECT_EQ(taken.bytes, before.empty() ? 0 : before.size() - 1) << before << number;
            out.resize(20);
            EXPECT_EQ(take(before + number, out, '.').count, count) << before << number;
        }
    }

private:
    test::Guarded memory_{std::size_t{1} << 16};
};

std::string print(int places, double value) {
    std::array<char, 400> text{};
    return {text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.*f", places, value))};
}

bool is_plain(std::string_view number) {
    if (number.starts_with('-')) number.remove_prefix(1);
    return number.size() >= 2 && number.size() <= 16 && std::ranges::count(number, '.') == 1;
}

TEST_P(DecimalsTest, EveryPlainFormIsRead) {
    std::vector<std::string> numbers;
    const std::string digits = "905041073020601";
    for (std::size_t length = 1; length <= digits.size(); ++length) {
        for (std::size_t point = 0; point <= length; ++point) {
            std::string number = digits.substr(0, length);
            number.insert(point, 1, '.');
            numbers.push_back(number);
            numbers.push_back(std::string("-") + number);
            numbers.push_back(std::string(length, '0').insert(point, 1, '.'));
            numbers.push_back(std::string("-").append(length, '9').insert(point + 1, 1, '.'));
        }
    }
    expect_all(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) expect_all({numbers[i]});
    for (std::size_t count = 1; count < 40; ++count)
        expect_all({numbers.begin() + 30, numbers.begin() + 30 + static_cast<std::ptrdiff_t>(count)});
}

TEST_P(DecimalsTest, RandomNumbersAreRoundedCorrectly) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    for (int round = 0; round < 2'000; ++round) {
        std::vector<std::string> numbers;
        while (numbers.size() < 300) {
            const double scale = std::pow(10.0, static_cast<double>(random() % 8) - 3);
            const std::string number = print(1 + static_cast<int>(random() % 13), normal(random) * scale);
            if (is_plain(number)) numbers.push_back(number);
        }
        expect_all(numbers);
    }
}

TEST_P(DecimalsTest, NumbersNextToWhereRoundingTurnsAreRoundedCorrectly) {
    std::mt19937_64 random(2);
    for (int round = 0; round < 20'000; ++round) {
        // Half-way between two floats from 2^19 on: at most 15 digits, and the same a little off.
        const double low =
            std::ldexp(static_cast<double>((1U << 23) + random() % (1U << 23)), static_cast<int>(random() % 5) - 4);
        const double middle = low + (std::nextafterf(static_cast<float>(low), 1e30F) - low) / 2;
        const int places = 15 - static_cast<int>(std::log10(middle)) - 1;
        for (const double value : {std::nextafter(middle, 0.0), middle, std::nextafter(middle, 1e30)}) {
            const std::string number = print(places, value);
            std::vector<float> out(1);
            const DecimalsTaken taken = take(number, out);
            if (taken.count == 0) continue;  // left to who can tell
            float expected = 0;
            std::from_chars(number.data(), number.data() + number.size(), expected);
            ASSERT_EQ(out[0], expected) << number;
        }
    }
}

TEST_P(DecimalsTest, StopsAtWhatIsNotPlain) {
    for (const char* const number : {"",
                                     "-",
                                     ".",
                                     "-.",
                                     "1",
                                     "-1",
                                     "1e5",
                                     "1.5e5",
                                     "6.3681e-05",
                                     "+1.5",
                                     "--1.5",
                                     "1.5-",
                                     "1.-5",
                                     "1.2.3",
                                     "..",
                                     "1..5",
                                     "1.5..",
                                     "nan",
                                     "-inf",
                                     "1.5x",
                                     "x1.5",
                                     "1,5",
                                     "1234567890.123456",
                                     "0.1234567890123456",
                                     "1.5\r",
                                     "1.5\n2.5",
                                     "1/2.5",
                                     "1:2.5",
                                     ".:",
                                     "1.\xff",
                                     "0.30000000000000004",
                                     "16777217.0",
                                     " 1.5",
                                     "- 1.5"}) {
        expect_stop(number);
    }
}

TEST_P(DecimalsTest, AnyBytesAreReadAsTheStandardLibraryReadsThem) {
    std::mt19937_64 random(3);
    constexpr std::string_view kLetters = "00123456789....---   \te\n,";
    for (int round = 0; round < 300'000; ++round) {
        std::string text;
        const std::size_t size = random() % 40;
        while (text.size() < size) text.push_back(kLetters[random() % kLetters.size()]);
        std::vector<float> out(12);
        const DecimalsTaken taken = take(text, out, "7. -"[random() % 4]);
        std::size_t at = 0;
        for (const float value : out) {
            float expected = 0;
            const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), expected);
            ASSERT_EQ(error, std::errc()) << text;
            ASSERT_EQ(std::bit_cast<std::uint32_t>(value), std::bit_cast<std::uint32_t>(expected)) << text;
            at = static_cast<std::size_t>(end - text.data());
            ASSERT_TRUE(at == text.size() || text[at] == ' ' || text[at] == '\t') << text;
            ++at;
        }
        ASSERT_EQ(taken.bytes, at == 0 ? 0 : at - 1) << text;
    }
}

INSTANTIATE_TEST_SUITE_P(Sets, DecimalsTest, testing::Values("avx2", "avx512", "avx512vnni"));

}  // namespace
}  // namespace kith::kernel
