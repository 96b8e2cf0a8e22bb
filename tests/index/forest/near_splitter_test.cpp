#include "index/forest/near_splitter.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "index/forest/grove_of.hpp"

namespace kith::index {
namespace {

using test::random_items;
using test::TestGrove;

TEST(NearSplitter, HalvesWhatItLoadedAndKeepsTheOrder) {
    for (const std::size_t dim : {40UL, 300UL}) {
        const TestGrove test(Metric::kEuclidean, random_items(Metric::kEuclidean, 1000, dim));
        CodedPlanes planes(test.grove);
        NearSplitter splitter(test.grove, planes);
        std::vector<std::uint32_t> ids;
        for (std::uint32_t id = 100; id < 900; id += 2) ids.push_back(id);
        splitter.load(ids);
        Kiss64 random(4);
        CodedPlane plane;
        const std::size_t left = splitter.split(0, 400, random, plane);
        EXPECT_GT(left, 20U);
        EXPECT_LT(left, 380U);
        const auto middle = static_cast<std::ptrdiff_t>(left);
        const std::size_t rest = splitter.split(left, 400 - left, random, plane);
        EXPECT_LT(rest, 400 - left);
        std::vector<std::uint32_t> back;
        for (const std::uint32_t place : splitter.places()) back.push_back(splitter.id(place));
        EXPECT_TRUE(std::is_sorted(back.begin(), back.begin() + middle));
        EXPECT_TRUE(
            std::is_sorted(back.begin() + middle, back.begin() + middle + static_cast<std::ptrdiff_t>(rest)));
        std::sort(back.begin(), back.end());
        EXPECT_EQ(back, ids);
    }
}

TEST(NearSplitter, HalvesEqualItemsByABlankPlane) {
    Matrix items = random_items(Metric::kEuclidean, 500, 6);
    for (std::size_t i = 0; i < 100; ++i) std::copy_n(items.row(0).begin(), 6, items.row(i).begin());
    const TestGrove test(Metric::kEuclidean, items);
    CodedPlanes planes(test.grove);
    NearSplitter splitter(test.grove, planes);
    splitter.load(std::span(test.ids).first(100));
    Kiss64 random(4);
    CodedPlane plane;
    EXPECT_EQ(splitter.split(0, 100, random, plane), 50U);
    EXPECT_TRUE(plane.blank());
}

TEST(NearSplitter, SplitsTwoItems) {
    const TestGrove test(Metric::kAngular, random_items(Metric::kAngular, 300, 6));
    CodedPlanes planes(test.grove);
    NearSplitter splitter(test.grove, planes);
    splitter.load(std::span(test.ids).first(2));
    Kiss64 random(4);
    CodedPlane plane;
    EXPECT_EQ(splitter.split(0, 2, random, plane), 1U);
}

}  // namespace
}  // namespace kith::index
