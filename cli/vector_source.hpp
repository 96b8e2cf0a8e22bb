// Opening what the commands take as VECTORS and INDEX, whatever its format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <kith/index.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

#include "session.hpp"

namespace kith::cli {

// Reads or maps a vector file with progress; warnings go to stderr.
[[nodiscard]] ReadOptions read_options(Session& session, std::size_t limit, std::size_t threads = 0);
[[nodiscard]] KeyedVectors load_vectors(Session& session, const std::string& path, std::size_t limit,
                                        std::size_t threads = 0);

// Whether a format stores a key beside every vector.
[[nodiscard]] bool has_keys(VectorFormat format) noexcept;

[[nodiscard]] bool is_kith_file(const std::string& path);

// The .kith file's section of this name, e.g. "keys", is there.
[[nodiscard]] bool has_section(const std::string& path, std::string_view name);

// Ends in .ann, .annoy or .tree: Annoy's files, which do not say what they are.
[[nodiscard]] bool is_annoy_name(std::string_view path) noexcept;

// What the caller says of an .ann file; a .kith file says it itself.
struct AnnoyShape {
    Metric metric = Metric::kAngular;
    std::size_t dim = 0;  // 0: not said
};

// .kith by its content, anything else as Annoy's. Throws InvalidArgument when an Annoy file comes without `dim`.
[[nodiscard]] std::unique_ptr<Index> open_any_index(const std::string& path, const AnnoyShape& shape);

// Throws InvalidArgument with suggestions when the word is not there.
void require_word(const KeyedVectors& vectors, std::string_view word, const std::string& path);

[[nodiscard]] std::uint64_t file_size(const std::string& path);

}  // namespace kith::cli
