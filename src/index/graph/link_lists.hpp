// The links of a built graph, each row's packed into as few bytes as ascending numbers need (Elias 1974; Fano 1971): first the numbers
// without their low bits, as differences in unary, then the low bits side by side. 32 links among 400,000 rows take 63 bytes instead of
// 128.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

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

    // A row's links, in ascending order if they are packed. `room` is made as large as it takes; the answer may lie there. In a damaged
    // file they can be any numbers.
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t row, std::vector<std::uint32_t>& room) const {
        if (!packed_) return bytes_.as<std::uint32_t>().subspan(row * code_.degree, code_.degree);
        room.resize(code_.degree);
        unpack(bytes_.data() + row * code_.stride, room.data());
        return room;
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

    void unpack(const std::byte* row, std::uint32_t* out) const noexcept;

    storage::Region bytes_;
    LinkCode code_;
    bool packed_ = true;
};

}  // namespace kith::index
