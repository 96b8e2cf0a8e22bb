#include "storage/region.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <utility>

namespace kith::storage {
namespace {

TEST(Buffer, IsZeroedAndAlignedWhateverItsSize) {
    for (const std::size_t size : {1, 63, 64, 65, 4096, 1 << 20}) {
        Buffer buffer(size);
        ASSERT_EQ(buffer.size(), size);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % kAlignment, 0u);
        const auto bytes = buffer.bytes();
        EXPECT_TRUE(std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; }));
    }
}

TEST(Buffer, MoreThanThereCanBeIsBadAlloc) {
    EXPECT_THROW(Buffer{std::numeric_limits<std::size_t>::max()}, std::bad_alloc);
    EXPECT_THROW(Buffer{std::numeric_limits<std::size_t>::max() / 2 - 10}, std::bad_alloc);
}

TEST(Buffer, FreezingHandsItsBytesOverWithoutACopy) {
    Buffer buffer(8);
    buffer.as<float>()[1] = 2.5F;
    const std::byte* const data = buffer.data();
    const Region region = std::move(buffer).freeze();
    EXPECT_EQ(region.data(), data);
    EXPECT_EQ(region.as<float>()[1], 2.5F);
    EXPECT_EQ(buffer.size(), 0u);  // NOLINT(bugprone-use-after-move): the promise under test
}

TEST(Buffer, MovingLeavesAnEmptyOne) {
    Buffer first(16);
    Buffer second = std::move(first);
    EXPECT_EQ(second.size(), 16u);
    EXPECT_EQ(first.size(), 0u);  // NOLINT(bugprone-use-after-move): the promise under test
}

TEST(Region, CopiesAndSlicesShareTheOwner) {
    const auto numbers = std::make_shared<int[]>(4);
    numbers[3] = 42;
    Region slice;
    {
        const Region region(std::as_bytes(std::span(numbers.get(), 4)), numbers);
        slice = region.slice(12, 4);
        EXPECT_EQ(numbers.use_count(), 3);
    }
    EXPECT_EQ(numbers.use_count(), 2);
    EXPECT_EQ(slice.as<int>()[0], 42);
}

TEST(Region, ElementsLeaveOutAnIncompleteOne) {
    Buffer buffer(11);
    EXPECT_EQ(std::move(buffer).freeze().as<float>().size(), 2u);
}

TEST(CopyOf, IsIndependentOfTheOriginal) {
    int value = 7;
    const Region copy = copy_of(std::as_bytes(std::span(&value, 1)));
    value = 8;
    EXPECT_EQ(copy.as<int>()[0], 7);
    EXPECT_TRUE(copy_of({}).empty());
}

}  // namespace
}  // namespace kith::storage
