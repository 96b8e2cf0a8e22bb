#include "base/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace kith {
namespace {

TEST(ParallelFor, CallsEveryItemOnceWhateverTheThreads) {
    for (const std::size_t threads : {0, 1, 2, 8, 100}) {
        std::vector<std::atomic<int>> calls(1000);
        parallel_for(calls.size(), threads, [&](std::size_t i, std::size_t) { ++calls[i]; });
        for (const auto& each : calls) EXPECT_EQ(each.load(), 1);
    }
}

TEST(ParallelFor, RethrowsTheFirstFailureAndStopsHandingOut) {
    std::atomic<int> started{0};
    EXPECT_THROW(parallel_for(100000, 4,
                              [&](std::size_t i, std::size_t) {
                                  ++started;
                                  if (i == 10) throw std::runtime_error("ten");
                                  // Slow enough that the failure is seen long before the items run out.
                                  if (i > 10) std::this_thread::sleep_for(std::chrono::microseconds(100));
                              }),
                 std::runtime_error);
    EXPECT_LT(started.load(), 100000);
}

TEST(ParallelFor, NothingToDoIsNotAnError) {
    parallel_for(0, 4, [](std::size_t, std::size_t) { FAIL(); });
}

TEST(ParallelRanges, CoversTheCountWithRangesOfAtMostTheGrain) {
    std::vector<std::atomic<int>> calls(1003);
    parallel_ranges(calls.size(), 10, 3, [&](std::size_t first, std::size_t last, std::size_t) {
        EXPECT_LE(last - first, 10u);
        for (std::size_t i = first; i < last; ++i) ++calls[i];
    });
    for (const auto& each : calls) EXPECT_EQ(each.load(), 1);
}

}  // namespace
}  // namespace kith
