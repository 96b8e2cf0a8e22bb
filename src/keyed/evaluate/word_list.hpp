// The words that an evaluation may use, by the spelling it compares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <kith/keyed_vectors.hpp>

#include "keyed/key_table.hpp"

namespace kith::keyed {

enum class Spelling { kAsIs, kUpperCase };

// A spelling is a number; rows that are spelled alike share it, and the first of them stands for it.
class WordList {
public:
    // The first `restrict_vocab` rows, or all when that is 0.
    WordList(const KeyedVectors& vectors, std::size_t restrict_vocab, Spelling spelling);

    [[nodiscard]] std::string spell(std::string_view word) const;

    // The row that stands for an already spelled word.
    [[nodiscard]] std::optional<std::size_t> row_of(std::string_view spelled) const noexcept;

    // Rows in use.
    [[nodiscard]] std::size_t size() const noexcept { return spellings_.size(); }

    // REQUIRES: row < size().
    [[nodiscard]] std::string_view spelling_of(std::size_t row) const noexcept {
        return table_.key(spellings_[row]);
    }

private:
    Spelling spelling_;
    KeyTableBuilder table_;
    std::vector<std::size_t> spellings_;   // by row
    std::vector<std::size_t> first_rows_;  // by spelling
};

}  // namespace kith::keyed
