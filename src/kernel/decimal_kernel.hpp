// Reading decimal numbers, once for every instruction set. Included by isa_*.cpp only.
//
// The marks of a stretch of text are found first, 64 bytes at once, so that where a number starts does not wait for the
// one before. Then eight numbers at a time become 64-bit integers of their digits, doubles, and, divided by a power of
// ten, floats. Integers below 10^15 and powers up to 10^15 are exact doubles, so the quotient is the nearest double;
// rounded once more it is the nearest float, unless it lies half-way between two (W. Clinger, 1990).
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/decimals.hpp"

namespace kith::kernel {

// Bytes of text looked at together.
inline constexpr std::size_t kDecimalWindow = 512;

// The most digits of a plain number.
inline constexpr std::size_t kDecimalDigits = 15;

alignas(64) constexpr double kPowersOfTen[16] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// A double is half-way between two floats when the bits that a float has no room for are these.
constexpr std::uint64_t kBelowFloat = (std::uint64_t{1} << 29) - 1;
constexpr std::uint64_t kHalfWay = std::uint64_t{1} << 28;

// Short numbers take one division of floats: whole numbers up to 2^24 and powers up to 10^10 are exact.
alignas(64) constexpr float kFloatPowers[16] = {1e0F, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F, 1e6F, 1e7F, 1e8F, 1e9F, 1e10F};
constexpr std::int64_t kExactFloat = std::int64_t{1} << 24;
constexpr std::int16_t kFloatPlaces = 10;

// Isa::Text::scan(text, size, ends_here, found) finds the numbers that end within `size` bytes, and at their end if so
// said, and gives how many; found.end(count) is where the last of that many ends. Isa::Text::eight(found, first, count,
// out) writes up to eight of them and gives how many it could before one that is not plain.
template <class Isa>
DecimalsTaken take_decimals(const char* text, std::size_t size, std::size_t wanted, float* out) {
    const bool all = size < kDecimalWindow;
    typename Isa::Text::Found found;
    std::size_t count = Isa::Text::scan(text, all ? size : kDecimalWindow, all, found);
    if (count > wanted) count = wanted;
    for (std::size_t i = 0; i < count; i += 8) {
        const std::size_t here = count - i < 8 ? count - i : 8;
        const std::size_t good = Isa::Text::eight(found, i, here, out + i);
        if (good < here) {
            count = i + good;
            break;
        }
    }
    return {count, count == 0 ? std::size_t{0} : found.end(count)};
}

}  // namespace kith::kernel
