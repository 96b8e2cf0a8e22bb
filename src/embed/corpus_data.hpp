// What a corpus is made of, and the rule that cuts words into sentences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <kith/corpus.hpp>

#include "embed/id_array.hpp"
#include "embed/word_table.hpp"

namespace kith::embed {

struct CorpusData {
    explicit CorpusData(const CorpusOptions& options);

    void push(std::string_view word);

    // Room for so many more words, cut into sentences, lines ending after so many of them. The caller fills in the ids and
    // counts. REQUIRES: no max_vocab_size.
    [[nodiscard]] std::uint32_t* extend(std::size_t count, std::span<const std::size_t> line_ends);

    // The end of a line of text.
    void end_line() { end_line_at(ids.size()); }

    // Ends the sentence, if it has begun.
    void end_sentence();

    // Ends the sentence even when it is empty.
    void end_any_sentence();

    // Settles ids after pruning and gives back spare memory.
    void finish();

    SentenceBreak sentence_break;
    std::size_t max_sentence_length;
    std::uint64_t max_vocab_size;
    IdArray ids;
    std::vector<std::uint64_t> ends;
    WordTable words;

private:
    void end_line_at(std::uint64_t position);
    void end_at(std::uint64_t position);
    void prune();

    std::size_t sentence_length_ = 0;
    // For each id the position from which it stands for its present word: earlier occurrences are of a forgotten
    // one. Empty without max_vocab_size.
    std::vector<std::uint64_t> births_;
    std::uint64_t min_reduce_ = 1;
    bool pruned_ = false;
};

}  // namespace kith::embed
