#include "tags.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "convert.hpp"
#include "numbers.hpp"

namespace kith::python {
namespace {

constexpr std::int64_t kLargest = (std::int64_t{1} << 31) - 2;

// The number that a name is, without a leading zero.
std::optional<std::uint64_t> number_of(std::string_view name) {
    const bool plain = !name.empty() && (name.size() == 1 || name[0] != '0') && name.size() <= 18 &&
                       std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!plain) return std::nullopt;
    std::uint64_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    return number;
}

bool is_quoted(std::string_view text) {
    return text.size() >= 2 && text.front() == '"' && text.back() == '"';
}

// Whether it is a number within any number of pairs of quotes.
bool reads_as_number(std::string_view text) {
    while (is_quoted(text)) text = text.substr(1, text.size() - 2);
    return number_of(text).has_value();
}

}  // namespace

std::string tag_name(nb::handle tag) {
    constexpr const char* kWanted = "a str or a whole number from 0 to 2**31 - 2";
    if (nb::isinstance<nb::str>(tag)) {
        std::string text = from_str(tag);
        return reads_as_number(text) ? '"' + text + '"' : text;
    }
    const std::int64_t number = to_integer(tag, "a tag", kWanted, 0);
    if (number > kLargest) raise_wrong_value(tag, "a tag", kWanted);
    return std::to_string(number);
}

nb::object tag_object(std::string_view name) {
    if (const auto number = number_of(name)) return nb::cast(*number);
    if (is_quoted(name) && reads_as_number(name)) return to_str(name.substr(1, name.size() - 2));
    return to_str(name);
}

std::vector<CountedTag> tags_in_order(const TaggedCorpus& corpus, std::span<const CountedTag> known) {
    std::vector<CountedTag> numbers;
    std::vector<CountedTag> texts;
    std::unordered_map<std::string, std::size_t> rows;
    const auto add = [&](const std::string& name, std::uint64_t count) {
        if (const auto number = number_of(name)) {
            for (std::size_t next = numbers.size(); next <= *number; ++next) {
                numbers.emplace_back(std::to_string(next), 0);
            }
            numbers[*number].second += count;
            return;
        }
        const auto [row, is_new] = rows.try_emplace(name, texts.size());
        if (is_new) texts.emplace_back(name, 0);
        texts[row->second].second += count;
    };
    for (const auto& [name, count] : known) add(name, count);
    for (std::size_t tag = 0; tag < corpus.tags(); ++tag) add(corpus.tag(tag), corpus.count(tag));
    numbers.insert(numbers.end(), texts.begin(), texts.end());
    return numbers;
}

std::vector<CountedTag> to_tags(nb::handle tags) {
    std::vector<CountedTag> result;
    for (const nb::handle item : tags) {
        const nb::object tag = item[0];
        const nb::object count = item[1];
        result.emplace_back(tag_name(tag), to_size(count, "a count"));
    }
    return result;
}

nb::object to_list(const std::vector<CountedTag>& tags) {
    nb::list result;
    for (const auto& [name, count] : tags) result.append(nb::make_tuple(tag_object(name), count));
    return result;
}

}  // namespace kith::python
