#include "base/format.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace kith {
namespace {

TEST(FormattedTest, PutsValuesIntoATextAsFmtDoes) {
    const std::string name = "words.kith";
    EXPECT_EQ(formatted("'{}' holds {} rows", name, std::size_t{3}), "'words.kith' holds 3 rows");
    EXPECT_EQ(formatted("{} of {}", std::string_view("byte"), 'k'), "byte of k");
    EXPECT_EQ(formatted("{:02x} {:.3f} {:>5} {}%", 10, 0.12345, -7, true), "0a 0.123    -7 true%");
    EXPECT_EQ(formatted("{}", std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
    EXPECT_EQ(formatted("none"), "none");
}

TEST(FormattedTest, NumbersReadBackAsWhatTheyWere) {
    EXPECT_EQ(std::stof(formatted("{}", 0.1F)), 0.1F);
    EXPECT_EQ(std::stod(formatted("{}", 1.0 / 3)), 1.0 / 3);
    EXPECT_EQ(formatted("{}", std::numeric_limits<float>::quiet_NaN()), "nan");
}

}  // namespace
}  // namespace kith
