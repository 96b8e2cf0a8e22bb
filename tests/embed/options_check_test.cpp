#include "embed/options_check.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>

namespace kith::embed {
namespace {

// What is refused must be named, with its value.
template <class Change>
void expect_refused(const std::string& start, Change change) {
    EmbeddingOptions options;
    change(options);
    try {
        check(options);
        ADD_FAILURE() << start << " was accepted";
    } catch (const InvalidArgument& error) {
        EXPECT_TRUE(std::string(error.what()).starts_with(start)) << error.what();
    }
}

TEST(OptionsCheck, NamesOptionAndValue) {
    EXPECT_NO_THROW(check(EmbeddingOptions()));
    expect_refused("vector_size = 0: ", [](auto& o) { o.vector_size = 0; });
    expect_refused("window = 0: ", [](auto& o) { o.window = 0; });
    expect_refused("epochs = 1073741825: ", [](auto& o) { o.epochs = kMostOfAnything + 1; });
    expect_refused("negative = 0 without hierarchical_softmax", [](auto& o) { o.negative = 0; });
    expect_refused("negative = 100001: ", [](auto& o) { o.negative = kMostNegatives + 1; });
    expect_refused("sample = -1: ", [](auto& o) { o.sample = -1; });
    expect_refused("alpha = inf: ", [](auto& o) { o.alpha = std::numeric_limits<double>::infinity(); });
    expect_refused("min_alpha = nan: ", [](auto& o) { o.min_alpha = std::numeric_limits<double>::quiet_NaN(); });
    expect_refused("ns_exponent = nan: ",
                   [](auto& o) { o.ns_exponent = std::numeric_limits<double>::quiet_NaN(); });
}

TEST(OptionsCheck, TakesWhatIsOddButWorks) {
    EmbeddingOptions options;
    options.negative = 0;
    options.hierarchical_softmax = true;
    options.alpha = 0;
    options.ns_exponent = -0.5;
    options.sample = 1e6;
    EXPECT_NO_THROW(check(options));
}

}  // namespace
}  // namespace kith::embed
