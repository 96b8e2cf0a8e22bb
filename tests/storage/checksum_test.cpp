#include "storage/checksum.hpp"

#include <gtest/gtest.h>

#include <string>

namespace kith::storage {
namespace {

std::span<const std::byte> view_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

// The value that the XXH3 specification gives for no bytes and seed 0: files must not depend on the library.
TEST(Checksum, IsXxh3With64BitsAndSeedZero) {
    EXPECT_EQ(checksum({}), 0x2d06800538d394c2ULL);
}

TEST(Checksum, InPartsIsTheSameAsAtOnce) {
    for (const std::size_t size : {0, 1, 16, 17, 240, 241, 1024, 100'000}) {
        std::string text(size, '\0');
        for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 256);
        for (const std::size_t part : {1, 7, 64, 1000}) {
            RunningChecksum running;
            running.add(view_of("something else"));
            running.reset();
            for (std::size_t at = 0; at < size; at += part) running.add(view_of(text.substr(at, part)));
            EXPECT_EQ(running.value(), checksum(view_of(text))) << size << " in parts of " << part;
        }
    }
}

}  // namespace
}  // namespace kith::storage
