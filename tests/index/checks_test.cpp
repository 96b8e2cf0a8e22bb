#include "index/checks.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include <kith/error.hpp>

namespace kith::index {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

template <class E, class F>
std::string message(F call) {
    try {
        call();
    } catch (const E& error) {
        return error.what();
    }
    ADD_FAILURE() << "no error of the expected type";
    return {};
}

TEST(Checks, AQueryOfTheWrongLengthNamesBothLengths) {
    EXPECT_EQ(message<InvalidArgument>([] { check_query(std::vector<float>(3), 4); }),
              "query has 3 elements; the index has 4 dimensions");
    check_query(std::vector<float>(4), 4);
}

TEST(Checks, ABadNumberIsNamedWithItsPlace) {
    EXPECT_EQ(message<InvalidArgument>([] {
                  check_query(std::vector<float>{0, 1, kNaN}, 3);
              }),
              "query[2] is nan; every element must be finite");
    EXPECT_EQ(message<InvalidArgument>([] { check_query(std::vector<float>{-kInf}, 1); }),
              "query[0] is -inf; every element must be finite");
    const std::vector<float> rows = {0, 1, 2, 3, kInf, 5};
    EXPECT_EQ(message<InvalidArgument>([&] {
                  check_finite({rows.data(), 3, 2}, "vectors");
              }),
              "vectors[2, 0] is inf; every element must be finite");
    // The bad number lies between the rows of a view with a stride.
    check_finite({rows.data(), 2, 1, 3}, "vectors");
}

TEST(Checks, IdsRunFromZeroToTheSize) {
    check_id(0, 1);
    check_id(9, 10);
    EXPECT_EQ(message<OutOfRange>([] { check_id(10, 10); }), "there is no item 10; ids run from 0 to 9");
    EXPECT_EQ(message<OutOfRange>([] { check_id(-1, 10); }), "there is no item -1; ids run from 0 to 9");
    EXPECT_EQ(message<OutOfRange>([] { check_id(0, 0); }), "there is no item 0; the index is empty");
}

TEST(Checks, EffortIsAutomaticOrACount) {
    check_options({.search_k = -1});
    check_options({.search_k = 0});
    EXPECT_EQ(message<InvalidArgument>([] { check_options({.search_k = -2}); }),
              "search_k is -2; it must be -1 (automatic) or at least 0");
    check_options({.ef = 0});
    check_options({.search_k = 50, .ef = 50});
    EXPECT_EQ(message<InvalidArgument>([] { check_options({.ef = -2}); }),
              "ef is -2; it must be -1 (automatic) or at least 0");
    EXPECT_EQ(message<InvalidArgument>([] { check_options({.search_k = 50, .ef = 60}); }),
              "search_k is 50 and ef is 60; they are two names for a graph's effort, give one");
}

TEST(Checks, AnOutputMustHoldExactlyOneVector) {
    std::vector<float> out(3);
    check_output(out, 3);
    EXPECT_EQ(message<InvalidArgument>([&] { check_output(out, 4); }),
              "out has room for 3 elements; a vector has 4");
}

}  // namespace
}  // namespace kith::index
