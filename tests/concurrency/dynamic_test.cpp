// A dynamic index that many search while it changes. The thread sanitizer runs these too (`./test tsan`).
#include <kith/dynamic.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "concurrency/at_once.hpp"
#include "support/brute_force.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

constexpr std::size_t kDynamicDim = 12;
constexpr std::size_t kSearchers = 16;
constexpr Id kStay = 300;  // the first items, which are never removed
constexpr Id kRounds = 6;
constexpr Id kBatch = 40;

TEST(DynamicConcurrency, SearchesSeeEveryItemThatStaysWhileOthersComeAndGo) {
    const test::TempDir folder;
    const Matrix stay = test::random_matrix(kStay, kDynamicDim, 1);
    DynamicIndex index(kDynamicDim,
                       {.graph = {.metric = Metric::kEuclidean, .degree = 8, .threads = 1}, .buffer = 64});
    index.add(stay.view());
    std::atomic<bool> done = false;
    test::at_once(kSearchers + 1, [&](std::size_t worker) {
        if (worker == kSearchers) {
            for (Id round = 0; round < kRounds; ++round) {
                const Id first =
                    index.add(test::random_matrix(kBatch, kDynamicDim, static_cast<unsigned>(round) + 2).view());
                EXPECT_EQ(first, kStay + round * kBatch);
                std::vector<Id> ids;
                for (Id id = first; id < first + kBatch; id += 2) ids.push_back(id);
                index.remove(ids);
                if (round % 3 == 2) index.compact();
            }
            done = true;
            return;
        }
        Neighbors out;
        for (std::size_t i = worker; !done || i < worker + 20; ++i) {
            const std::size_t item = i * 7 % kStay;
            index.search(stay.row(item), {.k = 5, .ef = 400}, out);
            ASSERT_FALSE(out.empty());
            EXPECT_EQ(out.ids.front(), static_cast<Id>(item));
            EXPECT_TRUE(index.contains(static_cast<Id>(item)));
            EXPECT_GE(index.count(), static_cast<std::size_t>(kStay));
            if (worker == 0 && i < 4) index.save(folder.file("a.kith"));
            std::this_thread::yield();  // so that what changes gets its turn
        }
    });
    EXPECT_EQ(index.count(), static_cast<std::size_t>(kStay + kRounds * kBatch / 2));
    // Saved at some moment or other.
    const DynamicIndex saved = DynamicIndex::open(folder.file("a.kith"));
    EXPECT_GE(saved.count(), static_cast<std::size_t>(kStay));
    for (Id id = 0; id < kStay; ++id) EXPECT_TRUE(saved.contains(id));
}

}  // namespace
}  // namespace kith
