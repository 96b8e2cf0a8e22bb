// Files that are one array of numbers: .npy, IDX, and the .fvecs family.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <kith/vector_formats.hpp>

#include "keyed/formats/elements.hpp"
#include "keyed/formats/parsed.hpp"
#include "storage/region.hpp"

namespace kith::keyed {

// A whole file in memory: mapped, or unpacked when it is compressed.
struct LoadedFile {
    const std::string& path;
    storage::Region region;

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return region.bytes(); }
};

[[nodiscard]] LoadedFile load_file(const std::string& path);

// Where the rows are: `rows` runs of `dim` numbers, `stride` bytes from one to the next.
struct ArrayLayout {
    std::uint64_t rows = 0;
    std::uint64_t dim = 0;
    NumberType type = NumberType::kFloat32;
    ByteOrder order = ByteOrder::kLittle;
    std::uint64_t offset = 0;  // of the first number
    std::uint64_t stride = 0;
};

// Each checks that the file's size is what its head says. Throws CorruptFile, Unsupported.
[[nodiscard]] ArrayLayout npy_layout(const LoadedFile& file);
[[nodiscard]] ArrayLayout idx_layout(const LoadedFile& file);
[[nodiscard]] ArrayLayout vecs_layout(const LoadedFile& file, NumberType type);

// Converts the rows. Throws CorruptFile at the first number that is not finite or does not fit.
[[nodiscard]] Parsed read_array(const LoadedFile& file, const ArrayLayout& layout, const ReadOptions& options);

// The bytes before the numbers. `type` is one that the format knows: see WriteOptions.
[[nodiscard]] std::string npy_head(std::size_t rows, std::size_t dim, NumberType type);
[[nodiscard]] std::string idx_head(std::size_t rows, std::size_t dim, NumberType type);

}  // namespace kith::keyed
