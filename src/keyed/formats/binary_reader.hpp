// Word2vec binary files.
#pragma once

#include <string>

#include "keyed/formats/parsed.hpp"

namespace kith::keyed {

// A plain file is mapped and its rows are copied by all threads. Throws as read_keyed_vectors.
[[nodiscard]] Parsed read_binary(const std::string& path, const ReadOptions& options);

}  // namespace kith::keyed
