// A piece of text becomes numbers, beside other pieces.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "embed/corpus_data.hpp"
#include "embed/hot_words.hpp"
#include "embed/word_table.hpp"

namespace kith::embed {

// Takes one piece after the other. Any number of them make numbers of consecutive pieces side by side, which are then merged in
// the order of the text and written, so that the result does not depend on how the text was cut.
class WordBlock {
public:
    // Room for a piece where it needs some.
    std::string storage;

    // The next piece. Takes all memory that is not small: what threads allocate stays with them.
    void begin(std::string_view text, const WordTable& known);

    // Second step, safe beside other blocks': known words get the ids that they have, others wait for theirs.
    void tokenize(const WordTable& known, bool lines);

    // Third step, in the order of the text: new words get their ids, all words their room.
    void merge(CorpusData& data);

    // Last step, safe beside other blocks': fills the room.
    void write(CorpusData& data) const noexcept;

    // At the end: adds the occurrences of the words that were known.
    void tell_counts(WordTable& words) const noexcept;

private:
    // Words that are not at hand wait for each other, to be looked up together. A text has one in four of them.
    struct Waiting {
        std::string_view word;
        std::size_t at;  // which of the block's
    };
    static constexpr std::size_t kTogether = 32;

    [[nodiscard]] std::uint32_t at_hand(std::string_view word) noexcept;
    void look_up(const WordTable& known);

    std::string_view text_;
    HotWords hot_;
    std::vector<std::uint64_t> counts_;  // of known words

    // Of this piece: ids are those of known words, or from their number on those of new ones.
    std::unique_ptr<std::uint32_t[]> ids_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::array<Waiting, kTogether> waiting_;
    std::size_t waits_ = 0;
    std::size_t known_ = 0;
    WordTable fresh_;
    std::vector<std::size_t> line_ends_;
    std::vector<std::uint32_t> numbers_;  // of new words in the corpus
    std::size_t room_ = 0;                // where the first word goes
};

}  // namespace kith::embed
