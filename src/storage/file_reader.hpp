// Opens a .kith file by mapping it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <kith/error.hpp>

#include "storage/file_format.hpp"
#include "storage/mapped_file.hpp"
#include "storage/region.hpp"

namespace kith::storage {

// Something in a file that opens but is not as it was written.
struct Damage {
    std::optional<std::size_t> section;  // its number in sections(); nothing for a gap between two
    std::uint64_t offset = 0;            // where it starts
    std::string expected;
    std::string found;
};

// Immutable after opening; safe to use from any number of threads. The regions it hands out outlive it.
class FileReader {
public:
    // O(1), whatever the file's size: maps it and checks header and section table (magic, version, checksums, enum
    // values, every offset and size against the file), not the sections' content.
    // Throws IoError, CorruptFile (not a .kith file, truncated, damaged), Unsupported (a newer format version, or
    // an element type or metric that this version does not know).
    explicit FileReader(const std::string& path, Prefault prefault = Prefault::kNo);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const FileDescription& description() const noexcept { return description_; }
    [[nodiscard]] std::uint32_t version() const noexcept { return version_; }
    [[nodiscard]] std::uint64_t file_size() const noexcept { return file_.size(); }

    // In the order of their offsets; at most one of each kind.
    [[nodiscard]] std::span<const SectionEntry> sections() const noexcept { return sections_; }

    [[nodiscard]] bool has(SectionKind kind) const noexcept { return find(kind) != nullptr; }

    // The section's bytes, 64-byte aligned; nothing when the file has none. Their size is the file's claim: check
    // it against what the description implies (see the overloads of require).
    [[nodiscard]] std::optional<Region> section(SectionKind kind) const;

    // The same, for a section that must be there, of any size or of exactly `size` bytes. Throws CorruptFile.
    [[nodiscard]] Region require(SectionKind kind) const;
    [[nodiscard]] Region require(SectionKind kind, std::uint64_t size) const;

    // `count` elements of `element_size` bytes as a size, or CorruptFile when that exceeds any possible file.
    [[nodiscard]] std::uint64_t checked_size(std::uint64_t count, std::uint64_t element_size) const;

    // One part as a file of its own with so many rows; the sections that it does not have are absent.
    [[nodiscard]] FileReader part(std::uint32_t part, std::uint64_t count) const;

    // The kVectors section, its size checked to be count rows of row_bytes(scalar, dim).
    [[nodiscard]] Region vectors() const;

    // Reads everything: checksums of all sections, zeros in the gaps. In the order of offsets.
    [[nodiscard]] std::vector<Damage> find_damage() const;

    // Throws CorruptFile for the first damage, naming its section and offset.
    void verify() const;

private:
    [[nodiscard]] const SectionEntry* find(SectionKind kind) const noexcept;
    [[nodiscard]] CorruptFile corrupt(std::uint64_t offset, const std::string& expected,
                                      const std::string& found) const;
    void read_header();
    void read_table(const FileHeader& header);
    void check_entry(std::size_t i, std::uint64_t floor, std::uint64_t ceiling) const;

    std::string path_;
    Region file_;
    std::uint32_t version_ = 0;
    FileDescription description_;
    std::vector<SectionEntry> sections_;
};

// Whether the file starts as a .kith file does. False also when it is shorter than that. Throws IoError.
[[nodiscard]] bool is_kith_file(const std::string& path);

}  // namespace kith::storage
