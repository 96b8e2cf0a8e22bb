// The tags of documents.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "embed/word_table.hpp"

namespace kith::embed {

struct TagData {
    WordTable names;  // counts are one more than the documents that have the tag
    std::vector<std::uint32_t> ids;
    std::vector<std::uint64_t> ends = {};  // document i has ids [ends[i - 1], ends[i])

    // Each document has its number as its only tag, and none of the above is filled.
    bool numbered = false;
};

}  // namespace kith::embed
