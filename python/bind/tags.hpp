// Tags of documents: whole numbers or texts in Python, texts in the library. A number is its digits; a text that would
// read as a number stands between double quotes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/tagged_corpus.hpp>

#include "bind.hpp"

namespace kith::python {

using CountedTag = std::pair<std::string, std::uint64_t>;  // and the number of its documents

// Raises TypeError for anything but str and whole numbers, ValueError for negative ones.
[[nodiscard]] std::string tag_name(nb::handle tag);

// The reverse.
[[nodiscard]] nb::object tag_object(std::string_view name);

// The tags of `known` and of a corpus as rows of a model have them: every number from 0 to the largest, whether it
// occurs or not, then texts by first occurrence.
[[nodiscard]] std::vector<CountedTag> tags_in_order(const TaggedCorpus& corpus, std::span<const CountedTag> known);

// Of Python's (tag, count), and back.
[[nodiscard]] std::vector<CountedTag> to_tags(nb::handle tags);
[[nodiscard]] nb::object to_list(const std::vector<CountedTag>& tags);

}  // namespace kith::python
