// The bytes of a .kith file: docs/formats.md has the tables. All numbers are little-endian.
//
//   header (64 bytes) | section | section | … | section table (32 bytes each), which ends the file
//
// Every section and the table start at a multiple of kAlignment; the gaps are zero.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <kith/types.hpp>

namespace kith::storage {

static_assert(std::endian::native == std::endian::little, "files are read in place and are little-endian");

// As in PNG, the odd bytes reveal a transfer that changed line ends or cut the eighth bit or stopped at ^Z.
inline constexpr char kMagic[8] = {'\x8b', 'K', 'I', 'T', 'H', '\r', '\n', '\x1a'};

// Raised when an older reader could no longer make sense of the file. A new kind of section does not raise it.
inline constexpr std::uint32_t kFormatVersion = 1;

// The values are part of the file format: never renumber them. A reader skips the kinds it does not know.
enum class SectionKind : std::uint32_t {
    kVectors = 1,      // count rows of row_bytes(scalar, dim), row i is item i
    kKeys = 2,         // the keys' bytes, UTF-8, one after the other
    kKeyOffsets = 3,   // count + 1 u64: key i is bytes [offset[i], offset[i + 1]) of kKeys
    kMetadata = 4,     // JSON, UTF-8
    kForestNodes = 5,  // index/forest
    kForestRoots = 6,
    kGraph = 7,
    kCodes = 8,
    kNorms = 9,         // count f32: Euclidean length of each row
    kFrequencies = 10,  // count u64: occurrences of each key in the corpus
    kKeyTable = 11,     // u64 slots of a hash table from key to row: keyed/key_table.hpp
    kCodedForest = 12,  // index/coded: parameters and recall curve
    kCentroids = 13,
    kCodewords = 14,
    kLeaves = 15,
    kLeafRows = 16,
    kCentroidCodes = 17,
    kByteRows = 18,
    kEntries = 19,  // index/graph
    kLinks = 20,
    kShortRows = 21,
    kProjection = 22,
    kCentre = 23,
    kNibbleRows = 24,    // kernel/nibble_rows.hpp: rows in 4 bits an element, with bounds
    kForestEffort = 25,  // index/forest: what searches inspect by default
    kSteps = 26,         // what the elements of compressed vectors are multiples of: one f32, or one for each row
    kWord2Vec = 32,      // embed: options and state of a model
    kNegativeWeights = 33,
    kTreeWeights = 34,
    kDoc2Vec = 35,  // embed/model_file: the same of documents; the vectors are the words'
    kTagVectors = 36,
    kTagNames = 37,
    kTagOffsets = 38,
    kTagCounts = 39,
    kPadding = 40,   // the vector of places beyond a document's ends
    kFastText = 41,  // embed/model_file: as kDoc2Vec; the vectors are those of words and parts together
    kWordWeights = 42,
    kSubwordWeights = 43,
    kDynamic = 44,  // index/dynamic: parameters; graphs and what waits for one are parts
    kItemIds = 45,
    kItemsLeft = 46,
    kPackedLinks = 47,  // index/graph/link_lists.hpp: kLinks in fewer bytes
};

// A file of several parts has sections of the same kinds for each: kind + part * 65536. Part 0 is the file itself.
[[nodiscard]] constexpr SectionKind in_part(SectionKind kind, std::uint32_t part) noexcept {
    return static_cast<SectionKind>(static_cast<std::uint32_t>(kind) + (part << 16));
}
[[nodiscard]] constexpr std::uint32_t part_of(SectionKind kind) noexcept {
    return static_cast<std::uint32_t>(kind) >> 16;
}
inline constexpr std::uint32_t kMostParts = 65535;

// "vectors", "keys", …, whatever its part; "unknown" for what this version does not know.
[[nodiscard]] std::string_view name(SectionKind kind) noexcept;

struct FileHeader {
    char magic[8];                 //  0
    std::uint32_t version;         //  8
    std::uint8_t kind;             // 12  IndexKind
    std::uint8_t metric;           // 13  Metric
    std::uint8_t scalar;           // 14  Scalar, of the vectors
    std::uint8_t reserved;         // 15  0
    std::uint64_t dim;             // 16
    std::uint64_t count;           // 24  rows
    std::uint64_t table_offset;    // 32
    std::uint32_t section_count;   // 40
    std::uint32_t reserved2;       // 44  0
    std::uint64_t table_checksum;  // 48  XXH3-64 of the section table
    std::uint64_t checksum;        // 56  XXH3-64 of the 56 bytes before
};
static_assert(sizeof(FileHeader) == 64 && std::is_trivially_copyable_v<FileHeader>);
static_assert(offsetof(FileHeader, dim) == 16 && offsetof(FileHeader, checksum) == 56);

struct SectionEntry {
    SectionKind kind;        //  0
    std::uint32_t reserved;  //  4  0
    std::uint64_t offset;    //  8  from the start of the file
    std::uint64_t size;      // 16  bytes, without the gap that follows
    std::uint64_t checksum;  // 24  XXH3-64 of the section
};
static_assert(sizeof(SectionEntry) == 32 && std::is_trivially_copyable_v<SectionEntry>);

// Dimensions and ids fit in signed 32 and 64 bits.
inline constexpr std::uint64_t kMaxDim = (std::uint64_t{1} << 31) - 1;
inline constexpr std::uint64_t kMaxCount = (std::uint64_t{1} << 63) - 1;

// More sections than any writer makes; bounds what a damaged header can ask for.
inline constexpr std::uint32_t kMaxSections = 4096;

// What a whole file holds, as its header says it.
struct FileDescription {
    std::uint8_t kind = 0;  // IndexKind: which index the sections make up, 0 for vectors alone
    Metric metric = Metric::kAngular;
    Scalar scalar = Scalar::kFloat32;
    std::uint64_t dim = 0;
    std::uint64_t count = 0;
};

}  // namespace kith::storage
