// Opens a .kith file by mapping it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "storage/file_format.hpp"
#include "storage/mapped_file.hpp"
#include "storage/region.hpp"

namespace kith::storage {

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
    [[nodiscard]] std::uint32_t version() const noexcept { return header().version; }
    [[nodiscard]] std::uint64_t file_size() const noexcept { return file_.size(); }

    // In the order of their offsets; at most one of each kind.
    [[nodiscard]] std::span<const SectionEntry> sections() const noexcept;

    [[nodiscard]] bool has(SectionKind kind) const noexcept { return find(kind) != nullptr; }

    // The section's bytes, 64-byte aligned; nothing when the file has none. Their size is the file's claim: check
    // it against what the description implies (see the overloads of require).
    [[nodiscard]] std::optional<Region> section(SectionKind kind) const;

    // The same, for a section that must be there, of any size or of exactly `size` bytes. Throws CorruptFile.
    [[nodiscard]] Region require(SectionKind kind) const;
    [[nodiscard]] Region require(SectionKind kind, std::uint64_t size) const;

    // `count` elements of `element_size` bytes as a size, or CorruptFile when that exceeds any possible file.
    [[nodiscard]] std::uint64_t checked_size(std::uint64_t count, std::uint64_t element_size) const;

    // The kVectors section, its size checked to be count rows of row_bytes(scalar, dim).
    [[nodiscard]] Region vectors() const;

    // Whether the section's bytes have the checksum that the table gives. Reads all of it.
    [[nodiscard]] bool checksum_matches(const SectionEntry& entry) const noexcept;

    // Reads everything: checksums of all sections, zeros in the gaps. Throws CorruptFile naming the first section
    // that is damaged and its offset.
    void verify() const;

private:
    [[nodiscard]] const FileHeader& header() const noexcept;
    [[nodiscard]] const SectionEntry* find(SectionKind kind) const noexcept;
    void check_header();
    void check_table() const;
    void check_gap(std::uint64_t first, std::uint64_t last) const;

    std::string path_;
    Region file_;
    FileDescription description_;
};

// Whether the file starts as a .kith file does. False also when it is shorter than that. Throws IoError.
[[nodiscard]] bool is_kith_file(const std::string& path);

}  // namespace kith::storage
