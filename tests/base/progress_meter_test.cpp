#include "base/progress_meter.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/parallel.hpp"

namespace kith {
namespace {

TEST(ProgressMeter, ReportsAtOnceAndAtTheEndAndRarelyInBetween) {
    std::vector<std::string> details;
    std::vector<std::uint64_t> done;
    const ProgressFn progress = [&](const Progress& now) {
        EXPECT_EQ(now.stage, "counting");
        EXPECT_EQ(now.total, 1'000U);
        EXPECT_GE(now.seconds, 0);
        details.emplace_back(now.detail);
        done.push_back(now.done);
        return true;
    };
    ProgressMeter meter("counting", 1'000, progress);
    for (int i = 0; i < 1'000; ++i) meter.add(1, [&] { return "at " + std::to_string(i); });
    meter.finish("all");
    EXPECT_LT(details.size(), 500U);
    EXPECT_EQ(details.front(), "at 0");
    EXPECT_EQ(details.back(), "all");
    EXPECT_EQ(done.front(), 1U);
    EXPECT_EQ(done.back(), 1'000U);
}

TEST(ProgressMeter, EstimatesTheTimeLeftWhenTheTotalIsKnown) {
    Progress last;
    const ProgressFn progress = [&](const Progress& now) {
        last = now;
        return true;
    };
    ProgressMeter known("a", 100, progress);
    known.add(100);
    EXPECT_EQ(last.seconds_left, 0);
    ProgressMeter unknown("b", 0, progress);
    unknown.add(100);
    EXPECT_LT(last.seconds_left, 0);
}

TEST(ProgressMeter, ThrowsCancelledOnceTheCallbackSaysStopAndAsksNoMore) {
    int calls = 0;
    const ProgressFn refuse = [&](const Progress&) {
        ++calls;
        return false;
    };
    ProgressMeter meter("building", 10, refuse);
    EXPECT_THROW(meter.add(1), Cancelled);
    EXPECT_THROW(meter.add(1), Cancelled);
    EXPECT_EQ(calls, 1);
}

TEST(ProgressMeter, CountsTheWorkOfSeveralThreadsAndCallsFromOneAtATime) {
    int inside = 0;
    const ProgressFn progress = [&](const Progress&) {
        EXPECT_EQ(++inside, 1);
        --inside;
        return true;
    };
    ProgressMeter meter("training", 10'000, progress);
    parallel_for(10'000, 4, [&](std::size_t, std::size_t) { meter.add(1); });
    EXPECT_EQ(meter.done(), 10'000U);
    const ProgressFn none;
    ProgressMeter silent("training", 10, none);
    silent.add(3);
    silent.finish();
    EXPECT_EQ(silent.done(), 3U);
}

}  // namespace
}  // namespace kith
