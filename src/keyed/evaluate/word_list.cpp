#include "keyed/evaluate/word_list.hpp"

#include <algorithm>

#include "keyed/utf8.hpp"

namespace kith::keyed {

WordList::WordList(const KeyedVectors& vectors, std::size_t restrict_vocab, Spelling spelling)
    : spelling_(spelling) {
    const std::size_t rows = restrict_vocab == 0 ? vectors.size() : std::min(restrict_vocab, vectors.size());
    spellings_.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const auto [number, is_new] = table_.add(spell(vectors.key(row)));
        spellings_.push_back(number);
        if (is_new) first_rows_.push_back(row);
    }
}

std::string WordList::spell(std::string_view word) const {
    return spelling_ == Spelling::kUpperCase ? upper_case(word) : std::string(word);
}

std::optional<std::size_t> WordList::row_of(std::string_view spelled) const noexcept {
    const std::optional<std::size_t> number = table_.find(spelled);
    return number ? std::optional(first_rows_[*number]) : std::nullopt;
}

}  // namespace kith::keyed
