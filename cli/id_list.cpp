#include "id_list.hpp"

#include <cerrno>
#include <charconv>
#include <fstream>

#include <kith/error.hpp>

namespace kith::cli {

std::optional<Id> parse_id(const std::string& text) {
    Id id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return id;
}

std::vector<Id> read_ids(const std::string& path, const std::function<Id(const std::string&)>& id_of) {
    std::ifstream in(path);
    if (!in) throw IoError("cannot open", path, errno);
    std::vector<Id> ids;
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) ids.push_back(id_of(line));
    }
    if (in.bad()) throw IoError("cannot read", path, errno);
    return ids;
}

}  // namespace kith::cli
