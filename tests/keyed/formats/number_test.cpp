#include "keyed/formats/number.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace kith::keyed {
namespace {

// The C library's strtof is correctly rounded.
void expect_exact(const std::string& number) {
    const std::string text = number + " 7";
    float found = -1;
    const char* const end = parse_float(text.data(), text.data() + text.size(), found);
    ASSERT_EQ(end, text.data() + number.size()) << number;
    const float expected = std::strtof(number.c_str(), nullptr);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(found), std::bit_cast<std::uint32_t>(expected)) << number;
    EXPECT_EQ(parse_float(number.data(), number.data() + number.size(), found), number.data() + number.size());
}

std::string print(int places, double value) {
    std::array<char, 400> text{};
    return {text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.*f", places, value))};
}

std::string print_digits(int digits, double value) {
    std::array<char, 400> text{};
    return {text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.*g", digits, value))};
}

TEST(Number, EveryNotationIsRoundedCorrectly) {
    for (const char* const text : {"0",
                                   "-0",
                                   "1",
                                   "-1",
                                   "12345678",
                                   "123456789",
                                   "16777217",
                                   "1234567890123456789012",
                                   "0.1",
                                   "1e5",
                                   "1E-5",
                                   "1e+3",
                                   ".5",
                                   "5.",
                                   "00001.5",
                                   "1e-60",
                                   "1e-400",
                                   "-1e-400",
                                   "1.00000000000000000000000001",
                                   "3.4028235e38",
                                   "1.17549435e-38",
                                   "1e-45",
                                   "7e-46",
                                   "0.000000000000000000000000000000000000011754943",
                                   "9007199254740993.0",
                                   "18446744073709551616",
                                   "99999999999999999999999"}) {
        expect_exact(text);
    }
}

TEST(Number, RandomFloatsAndTheirMidpointsAreRoundedCorrectly) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    for (int i = 0; i < 50'000; ++i) {
        const float value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
        if (!std::isfinite(value)) continue;
        std::array<char, 64> text{};
        expect_exact({text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr});
        expect_exact(print(static_cast<int>(random() % 25), normal(random)));
        expect_exact(print_digits(17, value * (1 + std::ldexp(1, -24))));
        const double next = std::nextafter(value, 1e30F);
        expect_exact(print_digits(40, (value + next) / 2));
    }
}

TEST(Number, WhatIsNoFiniteNumberIsRefused) {
    for (const std::string text : {"", "-", "+", ".", "-.", "e5", "nan", "inf", "-inf", "1e60", "-1e400", "+-1",
                                   "abc", "--1", " 1", "infinity", "NAN"}) {
        float value = 0;
        EXPECT_EQ(parse_float(text.data(), text.data() + text.size(), value), nullptr) << text;
    }
}

TEST(Number, StopsWhereTheNumberStops) {
    for (const auto& [text, length] : {std::pair<std::string, int>{"1.5,2", 3},
                                       {"1-2", 1},
                                       {"12345678x", 8},
                                       {"0.12345678/", 10},
                                       {"1.2.3", 3},
                                       {"+4 ", 2}}) {
        float value = 0;
        EXPECT_EQ(parse_float(text.data(), text.data() + text.size(), value), text.data() + length) << text;
    }
}

}  // namespace
}  // namespace kith::keyed
