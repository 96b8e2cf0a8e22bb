#include <gtest/gtest.h>

#include <cmath>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

namespace kith {
namespace {

const std::vector<double> kX = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
const std::vector<double> kY = {2, 1, 4, 3, 7, 8, 6, 9, 12, 11};
const std::vector<double> kWeak = {3, 9, 1, 7, 7, 2, 8, 4, 9, 5};
const std::vector<double> kTied = {1, 1, 2, 2, 2, 5, 6, 6, 9, 9};

// Expected values: scipy.stats.pearsonr and spearmanr.
TEST(Correlation, AgreesWithSciPy) {
    std::vector<double> a;
    std::vector<double> b;
    for (int i = 0; i < 1000; ++i) {
        a.push_back(i * 37 % 1000);
        b.push_back(a.back() + i * 91 % 700);
    }
    EXPECT_NEAR(pearson(kX, kY).coefficient, 0.93869774417751, 1e-12);
    EXPECT_NEAR(pearson(kX, kY).p_value / 5.73551141828897e-05, 1, 1e-9);
    EXPECT_NEAR(spearman(kX, kY).coefficient, 0.927272727272727, 1e-12);
    EXPECT_NEAR(spearman(kX, kY).p_value / 0.000112034506393976, 1, 1e-9);
    EXPECT_NEAR(pearson(kX, kTied).coefficient, 0.955966514809022, 1e-12);
    EXPECT_NEAR(pearson(kX, kTied).p_value / 1.55946298330799e-05, 1, 1e-9);
    EXPECT_NEAR(spearman(kY, kTied).coefficient, 0.916623948511205, 1e-12);
    EXPECT_NEAR(spearman(kY, kTied).p_value / 0.000190992065556011, 1, 1e-9);
    EXPECT_NEAR(pearson(kX, kWeak).coefficient, 0.195107518946085, 1e-12);
    EXPECT_NEAR(pearson(kX, kWeak).p_value / 0.589081468125942, 1, 1e-9);
    EXPECT_NEAR(spearman(kX, kWeak).coefficient, 0.201223252995304, 1e-12);
    EXPECT_NEAR(spearman(kX, kWeak).p_value / 0.577218378137763, 1, 1e-9);
    EXPECT_NEAR(pearson(a, b).coefficient, 0.815653645081775, 1e-12);
    EXPECT_NEAR(pearson(a, b).p_value / 1.9936766964526e-239, 1, 1e-9);
}

TEST(Correlation, PerfectAgreementIsExact) {
    EXPECT_DOUBLE_EQ(pearson(kX, kX).coefficient, 1);
    EXPECT_NEAR(pearson(kX, kX).p_value, 0, 1e-12);
    const std::vector<double> pair = {1, 2};
    EXPECT_DOUBLE_EQ(pearson(pair, pair).coefficient, 1);
    EXPECT_DOUBLE_EQ(pearson(pair, pair).p_value, 1);
}

TEST(Correlation, WithoutVariationThereIsNone) {
    const std::vector<double> constant(10, 3.5);
    EXPECT_TRUE(std::isnan(pearson(kX, constant).coefficient));
    EXPECT_TRUE(std::isnan(spearman(constant, kX).p_value));
    const std::vector<double> one = {1};
    EXPECT_TRUE(std::isnan(pearson(one, one).coefficient));
    EXPECT_THROW(static_cast<void>(pearson(kX, one)), InvalidArgument);
    EXPECT_THROW(static_cast<void>(spearman(kX, one)), InvalidArgument);
}

}  // namespace
}  // namespace kith
