// Exact search and the files it maps, from several threads at once: for the thread sanitizer.
#include <kith/flat.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <kith/open.hpp>

#include "support/brute_force.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

constexpr int kFlatThreads = 4;

template <class Work>
void on_every_thread(Work work) {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kFlatThreads; ++t) threads.emplace_back([&work, t] { work(t); });
}

TEST(FlatConcurrency, SearchesAndBatchesMixWithoutDisturbingEachOther) {
    const Matrix rows = test::random_matrix(500, 16, 1);
    for (const Metric metric : all_metrics()) {
        const FlatIndex index(rows.view(), metric);
        const NeighborTable expected = index.search_batch(rows.view().slice(0, 40), {}, 1);
        on_every_thread([&](int thread) {
            Neighbors out;
            for (std::size_t i = 0; i < 40; ++i) {
                index.search(rows.row(i), {}, out);
                EXPECT_TRUE(std::equal(out.ids.begin(), out.ids.end(), expected.row_ids(i).begin()));
            }
            const auto batch = index.search_batch(rows.view().slice(0, 40), {}, static_cast<std::size_t>(thread));
            EXPECT_EQ(batch.ids, expected.ids);
        });
    }
}

TEST(FlatConcurrency, WritersAndReadersOfOnePathSeeWholeFiles) {
    const test::TempDir folder;
    const std::string path = folder.file("a.kith");
    const Matrix rows = test::random_matrix(200, 8, 2);
    const FlatIndex index(rows.view(), Metric::kDot);
    index.save(path);
    on_every_thread([&](int thread) {
        for (int round = 0; round < 10; ++round) {
            if (thread % 2 == 0) {
                index.save(path);
            } else {
                EXPECT_TRUE(verify(path).ok());
                EXPECT_EQ(open_index(path)->search_item(7).ids, index.search_item(7).ids);
            }
        }
    });
    EXPECT_EQ(test::list_folder(folder.path()), std::vector<std::string>{"a.kith"});
}

}  // namespace
}  // namespace kith
