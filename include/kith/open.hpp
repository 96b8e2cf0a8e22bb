// Opening, describing and checking files that say themselves what they are (.kith).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <kith/index.hpp>
#include <kith/types.hpp>

namespace kith {

struct OpenOptions {
    // Performance: read the whole file before returning, so that the first searches are as quick as later ones.
    // Without it opening takes the same time whatever the size, and pages are read when first needed.
    bool prefault = false;
};

// Opens the index in a .kith file by mapping it: processes that open the same file share its memory. The file may
// be replaced meanwhile (as save does); the index keeps the old one.
// Throws IoError; CorruptFile for a file that is no .kith file or is damaged; Unsupported for a file of a newer
// format version or one that holds vectors but no index (kind "none"). An .ann file does not say what it holds:
// open it with Forest::open_annoy, which takes metric and dimension.
[[nodiscard]] std::unique_ptr<Index> open_index(const std::string& path, const OpenOptions& options = {});

// One section of a .kith file, as its table describes it.
struct SectionInfo {
    std::uint32_t kind = 0;
    std::string name;  // "vectors", "keys", …; "unknown" when written by a newer version
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t checksum = 0;  // XXH3-64
};

// What a .kith file says of itself.
struct FileInfo {
    std::uint32_t format_version = 0;
    std::uint64_t file_size = 0;
    IndexKind kind = IndexKind::kNone;
    Metric metric = Metric::kAngular;
    Scalar scalar = Scalar::kFloat32;
    std::uint64_t dim = 0;
    std::uint64_t count = 0;
    std::vector<SectionInfo> sections;
};

// Reads header and section table only: O(1). Throws as open_index, but accepts files without an index.
[[nodiscard]] FileInfo inspect(const std::string& path);

struct VerifyReport {
    FileInfo info;
    // Section numbers in info.sections whose bytes do not have the checksum that the table gives.
    std::vector<std::size_t> damaged;
    // What is wrong first, with the byte offset; empty when all is well.
    std::string problem;

    [[nodiscard]] bool ok() const noexcept { return problem.empty(); }
};

// Reads the whole file and compares every checksum. Damage in the sections is reported; what keeps the file from
// being opened at all is thrown, as inspect does.
[[nodiscard]] VerifyReport verify(const std::string& path);

}  // namespace kith
