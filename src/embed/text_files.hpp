// Which files a reader is asked to read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kith::embed {

// Files stand for themselves, folders for the files in them by name, without those of subfolders. Throws IoError;
// InvalidArgument for an empty folder.
[[nodiscard]] std::vector<std::string> text_files(std::span<const std::string> paths);

// Size on disk of all files; 0 when one of them has none (a pipe).
[[nodiscard]] std::uint64_t total_size(std::span<const std::string> files);

}  // namespace kith::embed
