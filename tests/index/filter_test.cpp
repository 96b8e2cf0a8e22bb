#include <kith/filter.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include <kith/error.hpp>

namespace kith {
namespace {

std::vector<Id> allowed(const IdFilter& filter, Id size) {
    std::vector<Id> ids;
    for (Id id = 0; id < size; ++id) {
        if (filter.allows(id)) ids.push_back(id);
    }
    return ids;
}

TEST(IdFilter, AllowsTheIdsListedAndNoOther) {
    const IdFilter filter = IdFilter::allow(std::vector<Id>{70, 3, 3, 0}, 100);
    EXPECT_EQ(allowed(filter, 200), (std::vector<Id>{0, 3, 70}));
    EXPECT_EQ(filter.count(), 3u);
    EXPECT_EQ(filter.size(), 100u);
    EXPECT_EQ(IdFilter::allow({}, 100).count(), 0u);
}

TEST(IdFilter, DeniesTheIdsListedAndNoOther) {
    const IdFilter filter = IdFilter::deny(std::vector<Id>{1, 2, 2, 64}, 67);
    EXPECT_EQ(filter.count(), 64u);
    EXPECT_FALSE(filter.allows(1));
    EXPECT_FALSE(filter.allows(64));
    EXPECT_TRUE(filter.allows(66));
    EXPECT_FALSE(filter.allows(67)) << "beyond the index";
    EXPECT_EQ(IdFilter::deny({}, 128).count(), 128u);
}

TEST(IdFilter, AnIdThatTheIndexDoesNotHaveIsNamed) {
    const auto message = [](const std::vector<Id>& ids, std::size_t size) -> std::string {
        try {
            (void)IdFilter::allow(ids, size);
        } catch (const OutOfRange& error) {
            return error.what();
        }
        return "no error";
    };
    EXPECT_EQ(message({1, 10}, 10), "filter[1] is id 10; ids run from 0 to 9");
    EXPECT_EQ(message({-1}, 10), "filter[0] is id -1; ids run from 0 to 9");
    EXPECT_EQ(message({0}, 0), "filter[0] is id 0; the index is empty");
    EXPECT_THROW((void)IdFilter::deny(std::vector<Id>{10}, 10), OutOfRange);
}

TEST(IdFilter, AMaskHasAByteForEachItemAndABitmapABit) {
    std::vector<std::uint8_t> mask(70);
    mask[0] = 1;
    mask[69] = 255;
    EXPECT_EQ(allowed(IdFilter::mask(mask), 100), (std::vector<Id>{0, 69}));
    const std::vector<std::uint64_t> words = {1, ~std::uint64_t{0}};
    const IdFilter filter = IdFilter::bitmap(words, 66);
    EXPECT_EQ(allowed(filter, 200), (std::vector<Id>{0, 64, 65}));
    EXPECT_EQ(filter.count(), 3u) << "bits beyond the items do not count";
    EXPECT_THROW((void)IdFilter::bitmap(words, 64), InvalidArgument);
    EXPECT_THROW((void)IdFilter::bitmap(words, 129), InvalidArgument);
}

TEST(IdFilter, AConditionIsAsked) {
    const IdFilter filter = IdFilter::where([](Id id) { return id % 3 == 0; });
    EXPECT_TRUE(filter.is_condition());
    EXPECT_EQ(allowed(filter, 7), (std::vector<Id>{0, 3, 6}));
    EXPECT_THROW((void)IdFilter::where({}), InvalidArgument);
    EXPECT_FALSE(IdFilter::mask({}).is_condition());
}

}  // namespace
}  // namespace kith
