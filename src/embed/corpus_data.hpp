// What a corpus is made of, and the rule that cuts words into sentences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/corpus.hpp>

#include "embed/id_array.hpp"
#include "embed/word_table.hpp"

namespace kith::embed {

struct CorpusData {
    explicit CorpusData(const CorpusOptions& options);

    void push(std::string_view word);

    // Appends words whose ids are known, without counting them.
    void push_ids(const std::uint32_t* ids, std::size_t count, const std::vector<std::uint32_t>& remap);

    // The end of a line of text.
    void end_line();

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
    void prune();

    std::size_t sentence_length_ = 0;
    // For each id the position from which it stands for its present word: earlier occurrences are of a forgotten
    // one. Empty without max_vocab_size.
    std::vector<std::uint64_t> births_;
    std::uint64_t min_reduce_ = 1;
    bool pruned_ = false;
};

}  // namespace kith::embed
