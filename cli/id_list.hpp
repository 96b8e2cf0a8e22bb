// Ids as people write them: on the command line, and in files, one to a line.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <kith/types.hpp>

namespace kith::cli {

// Empty when the text is not a whole number, all of it.
[[nodiscard]] std::optional<Id> parse_id(const std::string& text);

// What `id_of` makes of every line that is not empty. Throws IoError, and what `id_of` throws.
[[nodiscard]] std::vector<Id> read_ids(const std::string& path, const std::function<Id(const std::string&)>& id_of);

}  // namespace kith::cli
