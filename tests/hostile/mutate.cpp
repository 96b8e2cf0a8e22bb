#include "hostile/mutate.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "storage/checksum.hpp"
#include "storage/file_format.hpp"

namespace kith::hostile {
namespace {

std::size_t roll(Dice& dice, std::size_t sides) {
    return sides == 0 ? 0 : static_cast<std::size_t>(dice() % sides);
}

template <class Word>
void put_telling_word(std::string& bytes, Dice& dice) {
    if (bytes.size() < sizeof(Word)) return;
    const Word size = static_cast<Word>(bytes.size());
    const Word telling[] = {0,
                            1,
                            static_cast<Word>(-1),
                            std::numeric_limits<Word>::max(),
                            static_cast<Word>(std::numeric_limits<Word>::max() / 2),
                            static_cast<Word>(std::numeric_limits<Word>::max() / 2 + 1),
                            static_cast<Word>(std::numeric_limits<Word>::max() / 4 + 1),
                            size,
                            static_cast<Word>(size - 1),
                            static_cast<Word>(size + 1),
                            static_cast<Word>(size / 4),
                            static_cast<Word>(roll(dice, 256)),
                            static_cast<Word>(dice())};
    const Word word = telling[roll(dice, std::size(telling))];
    const std::size_t slots = bytes.size() / sizeof(Word);
    std::memcpy(bytes.data() + roll(dice, slots) * sizeof(Word), &word, sizeof word);
}

void put_number_that_moves(std::string& bytes, Dice& dice) {
    if (bytes.size() < sizeof(std::uint32_t)) return;
    const std::size_t at = roll(dice, bytes.size() / sizeof(std::uint32_t)) * sizeof(std::uint32_t);
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    word += static_cast<std::uint32_t>(roll(dice, 9)) - 4;
    std::memcpy(bytes.data() + at, &word, sizeof word);
}

void put_telling_text(std::string& bytes, Dice& dice) {
    static constexpr std::string_view kTexts[] = {"nan",
                                                  "inf",
                                                  "-inf",
                                                  "1e999",
                                                  "-",
                                                  "+",
                                                  ".",
                                                  "e5",
                                                  "0x1p3",
                                                  "1e-400",
                                                  "99999999999999999999",
                                                  "-1",
                                                  "0",
                                                  " ",
                                                  "\n",
                                                  "\r\n",
                                                  "\t",
                                                  std::string_view("\0", 1),
                                                  "\xff\xfe",
                                                  "\xc3",
                                                  "\xed\xa0\x80",
                                                  "\xef\xbb\xbf",
                                                  "\n\n\n",
                                                  "4294967297",
                                                  "2147483648",
                                                  "18446744073709551616",
                                                  "</s>",
                                                  ",",
                                                  "(",
                                                  "}",
                                                  "'"};
    const std::string_view text = kTexts[roll(dice, std::size(kTexts))];
    const std::size_t at = roll(dice, bytes.size() + 1);
    bytes.replace(at, roll(dice, 2) * std::min(text.size(), bytes.size() - at), text);
}

void move_a_piece(std::string& bytes, Dice& dice) {
    if (bytes.size() < 2) return;
    const std::size_t size = 1 + roll(dice, std::min<std::size_t>(bytes.size() / 2, 200));
    const std::size_t from = roll(dice, bytes.size() - size + 1);
    const std::size_t to = roll(dice, bytes.size() - size + 1);
    const std::string piece = bytes.substr(from, size);
    switch (roll(dice, 4)) {
        case 0: bytes.erase(from, size); break;
        case 1: bytes.insert(to, piece); break;
        case 2: bytes.replace(to, size, piece); break;
        default: {
            const std::string other = bytes.substr(to, size);
            bytes.replace(to, size, piece);
            bytes.replace(from, size, other);
        }
    }
}

void change_length(std::string& bytes, Dice& dice) {
    switch (roll(dice, 4)) {
        case 0: bytes.resize(roll(dice, bytes.size() + 1)); break;
        case 1: bytes.resize(bytes.size() - std::min<std::size_t>(bytes.size(), 1 + roll(dice, 70))); break;
        case 2: bytes.append(1 + roll(dice, 200), '\0'); break;
        default:
            for (std::size_t n = 1 + roll(dice, 40); n > 0; --n) bytes.push_back(static_cast<char>(dice()));
    }
}

void wound(std::string& bytes, Dice& dice) {
    switch (roll(dice, 8)) {
        case 0:
            if (!bytes.empty()) bytes[roll(dice, bytes.size())] ^= static_cast<char>(1 << roll(dice, 8));
            break;
        case 1:
            if (!bytes.empty()) bytes[roll(dice, bytes.size())] = static_cast<char>(dice());
            break;
        case 2: put_telling_word<std::uint32_t>(bytes, dice); break;
        case 3: put_telling_word<std::uint64_t>(bytes, dice); break;
        case 4: put_number_that_moves(bytes, dice); break;
        case 5: put_telling_text(bytes, dice); break;
        case 6: move_a_piece(bytes, dice); break;
        default: change_length(bytes, dice);
    }
}

}  // namespace

std::string mutate(std::string bytes, Dice& dice) {
    for (std::size_t wounds = 1 + roll(dice, 4); wounds > 0; --wounds) wound(bytes, dice);
    return bytes;
}

void forge_checksums(std::string& bytes) {
    using namespace storage;
    FileHeader header;
    if (bytes.size() < sizeof header) return;
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::uint64_t room = header.table_offset < bytes.size() ? bytes.size() - header.table_offset : 0;
    const std::size_t entries = std::min<std::uint64_t>(header.section_count, room / sizeof(SectionEntry));
    std::vector<SectionEntry> table(entries);
    if (entries > 0) std::memcpy(table.data(), bytes.data() + header.table_offset, entries * sizeof(SectionEntry));
    for (SectionEntry& entry : table) {
        if (entry.offset > bytes.size() || entry.size > bytes.size() - entry.offset) continue;
        entry.checksum = checksum(std::as_bytes(std::span(bytes.data() + entry.offset, entry.size)));
    }
    if (entries > 0) std::memcpy(bytes.data() + header.table_offset, table.data(), entries * sizeof(SectionEntry));
    header.table_checksum = checksum(std::as_bytes(std::span(table)));
    header.checksum = checksum(std::as_bytes(std::span(&header, 1)).first(offsetof(FileHeader, checksum)));
    std::memcpy(bytes.data(), &header, sizeof header);
}

}  // namespace kith::hostile
