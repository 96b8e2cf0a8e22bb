#include "kernel/support.hpp"

#include <string>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "kernel/select.hpp"

namespace kith::kernel {
namespace {

constexpr Scalar kScalars[] = {Scalar::kFloat32, Scalar::kFloat16, Scalar::kInt8, Scalar::kUint8, Scalar::kBits};

TEST(Support, EverySetHasKernelsForExactlyThePairsOnTheList) {
    for (const Table* const table : available()) {
        for (const Metric metric : all_metrics()) {
            for (const Scalar scalar : kScalars) {
                const DistanceKernels& kernels = table->of(metric, scalar);
                const bool listed = is_supported(metric, scalar);
                EXPECT_EQ(kernels.pair != nullptr, listed) << table->name << ' ' << name(metric);
                EXPECT_EQ(kernels.gather != nullptr, listed) << table->name << ' ' << name(metric);
                EXPECT_EQ(kernels.scan != nullptr, listed) << table->name << ' ' << name(metric);
            }
        }
    }
}

TEST(Support, APairThatIsNotOnTheListIsRefusedWithTheList) {
    try {
        (void)kernels_for(active(), Metric::kHamming, Scalar::kFloat32);
        FAIL() << "expected Unsupported";
    } catch (const Unsupported& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("hamming on elements of type float32"), std::string::npos) << text;
        for (const Support& pair : kSupport) {
            const std::string both = std::string(name(pair.metric)) + '/' + std::string(name(pair.scalar));
            EXPECT_NE(text.find(both), std::string::npos) << text;
        }
    }
}

TEST(Support, APairOnTheListGivesItsKernels) {
    const Table& table = active();
    EXPECT_EQ(kernels_for(table, Metric::kDot, Scalar::kFloat32).pair,
              table.of(Metric::kDot, Scalar::kFloat32).pair);
}

}  // namespace
}  // namespace kith::kernel
