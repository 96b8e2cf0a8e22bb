#include "index/graph/link_lists.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "base/parallel.hpp"

namespace kith::index {
namespace {

using storage::SectionKind;

constexpr std::size_t kGrain = 1024;

void add_bits(std::byte* to, std::size_t at, std::uint64_t bits) noexcept {
    const std::uint64_t word = LinkCode::word_at(to + at / 8) | bits << (at % 8);
    std::memcpy(to + at / 8, &word, sizeof word);
}

void pack_row(std::span<const std::uint32_t> ascending, const LinkCode& code, std::byte* to) noexcept {
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        add_bits(to, (ascending[i] >> code.low_bits) + i, 1);
        add_bits(to + code.unary_bytes(), i * code.low_bits, ascending[i] & LinkCode::ones(code.low_bits));
    }
}

}  // namespace

LinkCode::LinkCode(std::size_t count, std::size_t links) noexcept
    : degree(links),
      low_bits(links == 0 ? 0 : static_cast<unsigned>(std::bit_width(count / links))),
      unary_bits(links + (count == 0 ? 0 : (count - 1) >> low_bits)),
      stride(unary_bytes() + (links * low_bits + 7) / 8) {}

LinkLists LinkLists::pack(std::span<const std::uint32_t> links, std::size_t count, std::size_t degree,
                          std::size_t threads) {
    const LinkCode code(count, degree);
    storage::Buffer packed(count * code.stride + LinkCode::kSlack);
    // Threads must not write into each other's bytes, and a row's last word reaches into the next row.
    parallel_ranges(count, kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        std::vector<std::uint32_t> row;
        std::vector<std::byte> bytes(code.stride + LinkCode::kSlack);
        for (std::size_t i = first; i < last; ++i) {
            const auto given = links.subspan(i * degree, degree);
            row.assign(given.begin(), given.end());
            std::ranges::sort(row);
            std::ranges::fill(bytes, std::byte{0});
            pack_row(row, code, bytes.data());
            std::memcpy(packed.data() + i * code.stride, bytes.data(), code.stride);
        }
    });
    return {std::move(packed).freeze(), code, true};
}

LinkLists LinkLists::read(const storage::FileReader& file, std::size_t count, std::size_t degree) {
    const LinkCode code(count, degree);
    if (!file.has(SectionKind::kPackedLinks)) {
        return {file.require(SectionKind::kLinks, file.checked_size(count, degree * sizeof(std::uint32_t))), code,
                false};
    }
    const std::uint64_t size = file.checked_size(count, code.stride) + (count > 0 ? LinkCode::kSlack : 0);
    return {file.require(SectionKind::kPackedLinks, size), code, true};
}

void LinkLists::write(storage::FileWriter& writer) const {
    writer.add(packed_ ? SectionKind::kPackedLinks : SectionKind::kLinks, bytes_.bytes());
}

}  // namespace kith::index
