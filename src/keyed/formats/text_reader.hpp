// Word2vec text files, with or without a header line.
#pragma once

#include <string>

#include "keyed/formats/parsed.hpp"

namespace kith::keyed {

// A plain file is mapped, cut at line ends and parsed by all threads at once, straight into place. Anything else is
// read by this thread and parsed by others, a block of lines at a time. Throws as read_keyed_vectors.
[[nodiscard]] Parsed read_text(const std::string& path, const ReadOptions& options);

}  // namespace kith::keyed
