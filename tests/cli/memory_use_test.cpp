#include "memory_use.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

constexpr const char* kSmaps =
    "00400000-7fff0000 ---p 00000000 00:00 0                  [rollup]\n"
    "Rss:                 100 kB\n"
    "Pss:                  60 kB\n"
    "Shared_Clean:         40 kB\n"
    "Shared_Dirty:          8 kB\n"
    "Private_Clean:        12 kB\n"
    "Private_Dirty:        40 kB\n"
    "SwapPss:               0 kB\n";

TEST(MemoryUse, AddsUpWhatTheSystemTells) {
    const MemoryUse use = parse_smaps(kSmaps);
    EXPECT_EQ(use.resident, 100U * 1024);
    EXPECT_EQ(use.proportional, 60U * 1024);
    EXPECT_EQ(use.shared_bytes, 48U * 1024);
    EXPECT_EQ(use.private_bytes, 52U * 1024);
}

TEST(MemoryUse, TextWithoutAnyMappingIsRefused) {
    EXPECT_THROW((void)parse_smaps(""), InvalidArgument);
}

TEST(MemoryUse, OfThisProcessIsNotNothing) {
    const MemoryUse use = own_memory_use();
    EXPECT_GT(use.resident, 100'000U);
    EXPECT_EQ(use.resident, use.private_bytes + use.shared_bytes);
}

}  // namespace
}  // namespace kith::cli
