// Passing over rows by 4 bits an element, once for every instruction set. Included by isa_*.cpp only.
//
// Rows come in blocks of 16: for each row a float (`base`), then for each its step and its error as the upper halves of
// floats, then its codes, eight elements at a time: byte b of row j has element b in its low half and element b + 4 in
// its high half, rows side by side. nibble_rows.hpp says what the numbers mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernel/nibble_kernel.hpp"

namespace kith::kernel {

constexpr std::size_t kNibbleRows = 16;
constexpr std::size_t kNibbleHead = kNibbleRows * 8;
constexpr std::size_t kOctetBytes = kNibbleRows * 4;

// Four bytes of the query as one number, to be repeated for every row.
[[gnu::always_inline]] inline std::int32_t four_bytes(const std::int8_t* p) {
    std::int32_t four;
    std::memcpy(&four, p, sizeof four);
    return four;
}

// Isa::Nibbles::passing(query, block) gives a bit for each row whose
//   (2 * sum of products - centre) * step * product_scale + error * error_scale - base
// is not below `least`; NaN passes.
template <class Isa>
std::size_t select_nibbles(const NibbleQuery& query, const std::uint8_t* blocks, std::uint32_t first,
                           std::size_t count, std::uint32_t* out) {
    std::uint32_t* const begin = out;
    const std::size_t block_bytes = kNibbleHead + query.octets * kOctetBytes;
    for (std::size_t at = 0; at < count; at += kNibbleRows, blocks += block_bytes) {
        std::uint32_t hits = Isa::Nibbles::passing(query, blocks);
        const std::size_t left = count - at;
        if (left < kNibbleRows) hits &= (std::uint32_t{1} << left) - 1;
        for (; hits != 0; hits &= hits - 1) {
            *out++ = first + static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(__builtin_ctz(hits));
        }
    }
    return static_cast<std::size_t>(out - begin);
}

}  // namespace kith::kernel
