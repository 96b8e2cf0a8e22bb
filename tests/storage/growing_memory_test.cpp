#include "storage/growing_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>

#include <gtest/gtest.h>

namespace kith::storage {
namespace {

bool all(const GrowingMemory& memory, std::size_t first, std::size_t last, std::byte value) {
    return std::all_of(memory.data() + first, memory.data() + last, [&](std::byte b) { return b == value; });
}

TEST(GrowingMemory, StartsEmpty) {
    const GrowingMemory memory;
    EXPECT_EQ(memory.size(), 0U);
    EXPECT_EQ(memory.data(), nullptr);
}

TEST(GrowingMemory, KeepsWhatIsThereAndZeroesWhatIsNew) {
    GrowingMemory memory;
    std::size_t filled = 0;
    for (const std::size_t size : {1UL, 100UL, 5'000'000UL, 5'000'001UL, 40'000'000UL}) {
        memory.resize(size);
        EXPECT_TRUE(all(memory, 0, filled, std::byte{7}));
        EXPECT_TRUE(all(memory, filled, size, std::byte{0}));
        std::fill(memory.data(), memory.data() + size, std::byte{7});
        filled = size;
    }
}

TEST(GrowingMemory, ZeroesWhatWasCutOff) {
    GrowingMemory memory;
    memory.resize(1000);
    std::fill(memory.data(), memory.data() + 1000, std::byte{7});
    memory.resize(10);
    EXPECT_EQ(memory.size(), 10U);
    memory.resize(2000);
    EXPECT_TRUE(all(memory, 0, 10, std::byte{7}));
    EXPECT_TRUE(all(memory, 10, 2000, std::byte{0}));
}

TEST(GrowingMemory, IsAlignedToAHugePage) {
    GrowingMemory memory;
    for (const std::size_t size : {64UL, 3UL << 20, 90UL << 20}) {
        memory.resize(size);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.data()) % (2UL << 20), 0U);
    }
}

TEST(GrowingMemory, IsUnchangedWhenTheSystemRefuses) {
    GrowingMemory memory;
    memory.resize(100);
    memory.data()[99] = std::byte{7};
    EXPECT_THROW(memory.resize(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
    EXPECT_THROW(memory.resize(std::size_t{1} << 60), std::bad_alloc);
    EXPECT_EQ(memory.size(), 100U);
    EXPECT_EQ(memory.data()[99], std::byte{7});
}

}  // namespace
}  // namespace kith::storage
