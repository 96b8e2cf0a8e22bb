#include <string>

#include <kith/types.hpp>

#include <gtest/gtest.h>

#include <kith/error.hpp>

namespace kith {
namespace {

TEST(Types, EveryMetricNameParsesBackToItsMetric) {
    for (const Metric metric : all_metrics()) EXPECT_EQ(parse_metric(name(metric)), metric);
}

TEST(Types, AliasesAreTrimmedAndCaseInsensitive) {
    EXPECT_EQ(parse_metric(" Cosine "), Metric::kAngular);
    EXPECT_EQ(parse_metric("L2"), Metric::kEuclidean);
    EXPECT_EQ(parse_metric("IP"), Metric::kDot);
    EXPECT_EQ(parse_scalar("f16"), Scalar::kFloat16);
}

TEST(Types, AnUnknownMetricNamesWhatWasGivenAndWhatExists) {
    try {
        (void)parse_metric("chebyshev");
        FAIL() << "expected InvalidArgument";
    } catch (const InvalidArgument& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("chebyshev"), std::string::npos);
        EXPECT_NE(text.find("angular, euclidean, manhattan, dot, hamming"), std::string::npos);
    }
}

TEST(Types, ARowOfBitsIsWholeWords) {
    EXPECT_EQ(row_bytes(Scalar::kBits, 1), 8u);
    EXPECT_EQ(row_bytes(Scalar::kBits, 64), 8u);
    EXPECT_EQ(row_bytes(Scalar::kBits, 65), 16u);
    EXPECT_EQ(row_bytes(Scalar::kFloat16, 3), 6u);
}

}  // namespace
}  // namespace kith
