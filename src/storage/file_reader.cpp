#include "storage/file_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/format.hpp"
#include "storage/byte_source.hpp"
#include "storage/checksum.hpp"

namespace kith::storage {
namespace {

constexpr std::string_view kMagicText = "a .kith file (8b 4b 49 54 48 0d 0a 1a)";

template <class Bytes>
std::string hex(const Bytes& bytes) {
    std::string text;
    for (const auto byte : bytes) text += formatted("{:02x} ", static_cast<unsigned char>(byte));
    if (!text.empty()) text.pop_back();
    return text;
}

std::string checksum_text(std::uint64_t value) {
    return formatted("checksum {:016x}", value);
}

}  // namespace

FileReader::FileReader(const std::string& path, Prefault prefault) : path_(path), file_(map_file(path, prefault)) {
    read_header();
}

CorruptFile FileReader::corrupt(std::uint64_t offset, const std::string& expected, const std::string& found) const {
    return {path_, offset, expected, found};
}

void FileReader::read_header() {
    const auto bytes = file_.bytes();
    const auto magic = bytes.first(std::min(bytes.size(), sizeof kMagic));
    if (magic.size() < sizeof kMagic || std::memcmp(magic.data(), kMagic, sizeof kMagic) != 0) {
        throw corrupt(0, std::string(kMagicText), magic.empty() ? "an empty file" : hex(magic));
    }
    if (bytes.size() < sizeof(FileHeader)) {
        throw corrupt(bytes.size(), "a header of 64 bytes", "the end of the file");
    }
    FileHeader header;
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::uint64_t sum = checksum(bytes.first(offsetof(FileHeader, checksum)));
    if (sum != header.checksum) {
        throw corrupt(offsetof(FileHeader, checksum), checksum_text(sum), checksum_text(header.checksum));
    }
    if (header.version == 0) throw corrupt(offsetof(FileHeader, version), "a format version from 1", "0");
    if (header.version > kFormatVersion) {
        throw Unsupported(formatted("'{}' has format version {}; this version of Kith reads up to {}", path_,
                                    header.version, kFormatVersion));
    }
    if (header.metric > static_cast<std::uint8_t>(Metric::kHamming) ||
        header.scalar > static_cast<std::uint8_t>(Scalar::kBits)) {
        throw Unsupported(
            formatted("'{}' has metric {} and element type {}; this version of Kith knows 0 to 4 "
                      "and 0 to 4",
                      path_, header.metric, header.scalar));
    }
    if (header.dim > kMaxDim) {
        throw corrupt(offsetof(FileHeader, dim), formatted("at most {} dimensions", kMaxDim),
                      std::to_string(header.dim));
    }
    if (header.count > kMaxCount) {
        throw corrupt(offsetof(FileHeader, count), formatted("at most {} vectors", kMaxCount),
                      std::to_string(header.count));
    }
    version_ = header.version;
    description_ = {header.kind, static_cast<Metric>(header.metric), static_cast<Scalar>(header.scalar), header.dim,
                    header.count};
    read_table(header);
}

void FileReader::read_table(const FileHeader& header) {
    const std::uint64_t file_size = file_.size();
    if (header.section_count > kMaxSections) {
        throw corrupt(offsetof(FileHeader, section_count), formatted("at most {} sections", kMaxSections),
                      std::to_string(header.section_count));
    }
    if (header.table_offset % kAlignment != 0 || header.table_offset < sizeof(FileHeader)) {
        throw corrupt(offsetof(FileHeader, table_offset), "a section table at a multiple of 64",
                      std::to_string(header.table_offset));
    }
    const std::uint64_t table_size = header.section_count * sizeof(SectionEntry);
    if (header.table_offset > file_size || file_size - header.table_offset < table_size) {
        throw corrupt(file_size,
                      formatted("{} sections listed from byte {} on", header.section_count, header.table_offset),
                      "the end of the file");
    }
    if (file_size - header.table_offset > table_size) {
        throw corrupt(header.table_offset + table_size, "the end of the file",
                      formatted("{} more bytes", file_size - header.table_offset - table_size));
    }
    const auto table = file_.bytes().subspan(header.table_offset, table_size);
    const std::uint64_t sum = checksum(table);
    if (sum != header.table_checksum) {
        throw corrupt(header.table_offset, "a section table with " + checksum_text(header.table_checksum),
                      checksum_text(sum));
    }
    sections_.resize(header.section_count);
    if (!table.empty()) std::memcpy(sections_.data(), table.data(), table.size());
    std::uint64_t floor = sizeof(FileHeader);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
        check_entry(i, floor, header.table_offset);
        floor = sections_[i].offset + sections_[i].size;
    }
}

// A section must lie between `floor`, where the one before it ends, and `ceiling`, where the table starts.
void FileReader::check_entry(std::size_t i, std::uint64_t floor, std::uint64_t ceiling) const {
    const SectionEntry& entry = sections_[i];
    const std::uint64_t at = ceiling + i * sizeof(SectionEntry);
    if (entry.offset % kAlignment != 0 || entry.offset < floor || entry.offset > ceiling) {
        throw corrupt(at + offsetof(SectionEntry, offset),
                      formatted("section '{}' at a multiple of 64 from {} to {}", name(entry.kind), floor, ceiling),
                      std::to_string(entry.offset));
    }
    if (entry.size > ceiling - entry.offset) {
        throw corrupt(at + offsetof(SectionEntry, size),
                      formatted("section '{}' of at most {} bytes", name(entry.kind), ceiling - entry.offset),
                      std::to_string(entry.size));
    }
    for (std::size_t j = 0; j < i; ++j) {
        if (sections_[j].kind == entry.kind) {
            throw corrupt(
                at, "each section once",
                formatted("a second '{}' (kind {})", name(entry.kind), static_cast<std::uint32_t>(entry.kind)));
        }
    }
}

const SectionEntry* FileReader::find(SectionKind kind) const noexcept {
    const auto found = std::find_if(sections_.begin(), sections_.end(),
                                    [&](const SectionEntry& entry) { return entry.kind == kind; });
    return found == sections_.end() ? nullptr : &*found;
}

std::optional<Region> FileReader::section(SectionKind kind) const {
    const SectionEntry* const entry = find(kind);
    if (entry == nullptr) return std::nullopt;
    return file_.slice(entry->offset, entry->size);
}

Region FileReader::require(SectionKind kind) const {
    std::optional<Region> region = section(kind);
    if (!region) {
        throw corrupt(file_.size() - sections_.size() * sizeof(SectionEntry),
                      formatted("a section '{}'", name(kind)), "none");
    }
    return *std::move(region);
}

Region FileReader::require(SectionKind kind, std::uint64_t size) const {
    Region region = require(kind);
    if (region.size() != size) {
        throw corrupt(find(kind)->offset, formatted("a section '{}' of {} bytes", name(kind), size),
                      formatted("{} bytes", region.size()));
    }
    return region;
}

std::uint64_t FileReader::checked_size(std::uint64_t count, std::uint64_t element_size) const {
    if (element_size != 0 && count > kMaxCount / element_size) {
        throw corrupt(offsetof(FileHeader, dim), "dimension and count that a file can hold",
                      formatted("{} elements of {} bytes", count, element_size));
    }
    return count * element_size;
}

FileReader FileReader::part(std::uint32_t part, std::uint64_t count) const {
    FileReader out = *this;
    out.description_.count = count;
    std::erase_if(out.sections_, [&](const SectionEntry& each) { return part_of(each.kind) != part; });
    for (SectionEntry& each : out.sections_) each.kind = in_part(each.kind, 0U - part);
    return out;
}

Region FileReader::vectors() const {
    const std::uint64_t row = row_bytes(description_.scalar, description_.dim);
    return require(SectionKind::kVectors, checked_size(description_.count, row));
}

std::vector<Damage> FileReader::find_damage() const {
    std::vector<Damage> damage;
    const auto check_gap = [&](std::uint64_t first, std::uint64_t last) {
        const auto gap = file_.bytes().subspan(first, last - first);
        const auto wrong = std::find_if(gap.begin(), gap.end(), [](std::byte b) { return b != std::byte{0}; });
        if (wrong == gap.end()) return;
        damage.push_back({std::nullopt, first + static_cast<std::uint64_t>(wrong - gap.begin()),
                          "zero between two sections", hex(std::array{*wrong})});
    };
    std::uint64_t end = sizeof(FileHeader);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
        const SectionEntry& entry = sections_[i];
        check_gap(end, entry.offset);
        const auto bytes = file_.bytes().subspan(entry.offset, entry.size);
        const std::uint64_t sum = checksum(bytes);
        if (sum != entry.checksum) {
            damage.push_back({i, entry.offset,
                              formatted("section '{}' with {}", name(entry.kind), checksum_text(entry.checksum)),
                              checksum_text(sum)});
        }
        end = entry.offset + entry.size;
    }
    check_gap(end, file_.size() - sections_.size() * sizeof(SectionEntry));
    return damage;
}

void FileReader::verify() const {
    const std::vector<Damage> damage = find_damage();
    if (!damage.empty()) throw corrupt(damage[0].offset, damage[0].expected, damage[0].found);
}

bool is_kith_file(const std::string& path) {
    ByteSource source(path, sizeof(FileHeader));
    const std::span<const char> start = source.next_chunk();
    return !source.compressed() && start.size() >= sizeof kMagic &&
           std::memcmp(start.data(), kMagic, sizeof kMagic) == 0;
}

}  // namespace kith::storage
