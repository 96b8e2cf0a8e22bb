// The links of a built graph, each row's packed into as few bytes as ascending numbers need (Elias 1974; Fano 1971): first the numbers
// without their low bits, as differences in unary, then the low bits side by side. 32 links among 400,000 rows take 63 bytes instead of
// 128.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"
#include "storage/region.hpp"

namespace kith::index {

// How the links of `count` rows are packed. Part of the file format.
struct LinkCode {
    LinkCode(std::size_t count, std::size_t links) noexcept;

    std::size_t degree;
    unsigned low_bits;       // so many that the unary part of 32 links fits into one word
    std::size_t unary_bits;  // of one row
    std::size_t stride;      // bytes from one row to the next

    [[nodiscard]] std::size_t unary_bytes() const noexcept { return (unary_bits + 7) / 8; }

    [[nodiscard]] static std::uint64_t word_at(const std::byte* from) noexcept {
        std::uint64_t word;
        std::memcpy(&word, from, sizeof word);
        return word;
    }
    [[nodiscard]] static constexpr std::uint64_t ones(std::size_t count) noexcept {
        return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    }

    // Behind the last row stand so many bytes that are read with it, zeros.
    static constexpr std::size_t kSlack = 8;
};

class LinkLists {
public:
    LinkLists() noexcept : code_(0, 0) {}

    // u32 [row][degree], every number below `count`. The order within a row is lost.
    [[nodiscard]] static LinkLists pack(std::span<const std::uint32_t> links, std::size_t count, std::size_t degree,
                                        std::size_t threads);

    // Files of the first version have them as they are. Throws CorruptFile unless there is room for the links of all rows.
    [[nodiscard]] static LinkLists read(const storage::FileReader& file, std::size_t count, std::size_t degree);
    void write(storage::FileWriter& writer) const;

    [[nodiscard]] std::size_t size_bytes() const noexcept { return bytes_.size(); }
    [[nodiscard]] const storage::Region& bytes() const noexcept { return bytes_; }

    // Calls body with each of a row's links, in ascending order if they are packed. In a damaged file they can be any numbers.
    template <class Body>
    void for_each(std::size_t row, Body body) const {
        if (packed_) return unpack(bytes_.data() + row * code_.stride, body);
        const auto links = bytes_.as<std::uint32_t>().subspan(row * code_.degree, code_.degree);
        for (const std::uint32_t link : links) body(link);
    }

    // Asks for a row's links ahead of time.
    void fetch(std::size_t row) const noexcept {
        constexpr std::size_t kLine = 64;
        const std::size_t stride = packed_ ? code_.stride : code_.degree * sizeof(std::uint32_t);
        const std::byte* const from = bytes_.data() + row * stride;
        for (std::size_t i = 0; i < stride; i += kLine) __builtin_prefetch(from + i);
        __builtin_prefetch(from + stride - 1);
    }

private:
    LinkLists(storage::Region bytes, LinkCode code, bool packed) noexcept
        : bytes_(std::move(bytes)), code_(code), packed_(packed) {}

    // The low bits of four links come with one word where there are so few, and their unary part is one.
    static constexpr std::size_t kTogether = 4;
    static constexpr std::size_t kWord = 64;
    [[nodiscard]] bool few_bits() const noexcept {
        return kTogether * code_.low_bits + 7 <= kWord && code_.unary_bits <= kWord;
    }

    template <class Body>
    void unpack(const std::byte* row, Body body) const {
        // Copies: what the body stores could, for all that the compiler knows, be the members.
        const std::size_t degree = code_.degree;
        const unsigned low_bits = code_.low_bits;
        const std::size_t unary_bits = code_.unary_bits;
        const std::byte* const low = row + code_.unary_bytes();
        const std::uint64_t mask = LinkCode::ones(low_bits);
        std::uint64_t left = LinkCode::word_at(row) & LinkCode::ones(unary_bits);
        std::size_t from = 0;  // of the unary part, the word in hand
        std::size_t i = 0;
        const auto next = [&](std::uint64_t rest) {
            const std::size_t place = from + static_cast<std::size_t>(std::countr_zero(left));
            left &= left - 1;
            body(static_cast<std::uint32_t>((place - i) << low_bits | (rest & mask)));
            ++i;
        };
        const auto low_word = [&] {
            const std::size_t at = i * low_bits;
            return LinkCode::word_at(low + at / 8) >> (at % 8);
        };
        if (few_bits()) {
            while (i + kTogether <= degree) {
                const std::uint64_t rest = low_word();
                for (std::size_t j = 0; j < kTogether; ++j) next(rest >> (j * low_bits));
            }
        }
        while (i < degree) {
            while (left == 0 && from + kWord < unary_bits) {
                from += kWord;
                left = LinkCode::word_at(row + from / 8) & LinkCode::ones(unary_bits - from);
            }
            next(low_word());
        }
    }

    storage::Region bytes_;
    LinkCode code_;
    bool packed_ = true;
};

}  // namespace kith::index
