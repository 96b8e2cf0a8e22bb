#include "embed/spare_memory.hpp"

#include <cstdint>
#include <fstream>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#if defined(__GLIBC__)
#include <unistd.h>

namespace kith::embed {
namespace {

std::uint64_t resident() {
    std::uint64_t size = 0;
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> size >> pages;
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

TEST(SpareMemory, GoesBackAlsoFromBetweenWhatStays) {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "the sanitizer's allocator keeps what is freed";
#endif
    constexpr std::size_t kPiece = 60'000;  // small enough to come from the heap
    std::vector<std::unique_ptr<char[]>> pieces(1000);
    for (auto& piece : pieces) piece = std::make_unique<char[]>(kPiece);
    const std::uint64_t before = resident();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (i % 10 != 9) pieces[i].reset();
    }
    give_back_memory();
    EXPECT_LT(resident() + pieces.size() * kPiece / 2, before);
}

}  // namespace
}  // namespace kith::embed
#endif
