#include "index/forest/progress_meter.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace kith::index {
namespace {

TEST(ProgressMeter, CountsFromEveryThreadAndReportsFromOneAtATime) {
    std::uint64_t last = 0;
    int calls = 0;
    const ProgressFn report = [&](const Progress& progress) {
        EXPECT_GE(progress.done, last);
        EXPECT_EQ(progress.total, 40'000U);
        last = progress.done;
        ++calls;
        return true;
    };
    ProgressMeter meter("testing", 40'000, report);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(meter.add(1));
            });
        }
    }
    meter.finish();
    EXPECT_EQ(last, 40'000U);
    EXPECT_GE(calls, 2);
}

TEST(ProgressMeter, RemembersThatItWasStopped) {
    int calls = 0;
    const ProgressFn report = [&](const Progress&) {
        ++calls;
        return false;
    };
    ProgressMeter meter("testing", 0, report);
    EXPECT_FALSE(meter.add(1));
    EXPECT_FALSE(meter.add(1));
    EXPECT_TRUE(meter.stopped());
    meter.finish();
    EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace kith::index
