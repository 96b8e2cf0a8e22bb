// How a sentence falls into candidates for phrases: two words that are no connectors, with nothing but connectors
// between them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "embed/word_table.hpp"

namespace kith::embed {

using Words = std::span<const std::string_view>;

class Connectors {
public:
    Connectors() = default;
    explicit Connectors(std::span<const std::string> words) {
        for (const std::string& word : words) table_.add(word);
    }

    [[nodiscard]] bool contains(std::string_view word) const noexcept {
        return table_.size() != 0 && table_.find(word).has_value();
    }

private:
    WordTable table_;
};

inline void join(Words words, std::string_view delimiter, std::string& out) {
    out.assign(words.front());
    for (const std::string_view word : words.subspan(1)) {
        out += delimiter;
        out += word;
    }
}

// Calls on_word(word) for every word that is no connector and on_pair(words) for every candidate; a word ends one
// and begins the next.
template <class OnWord, class OnPair>
void scan_pairs(Words sentence, const Connectors& connectors, OnWord on_word, OnPair on_pair) {
    std::size_t start = sentence.size();
    for (std::size_t at = 0; at < sentence.size(); ++at) {
        if (connectors.contains(sentence[at])) continue;
        on_word(sentence[at]);
        if (start < at) on_pair(sentence.subspan(start, at - start + 1));
        start = at;
    }
}

// From left to right: calls on_phrase(words) for candidates of which is_phrase(words) holds, and on_word(word) for
// the words of no phrase.
template <class IsPhrase, class OnPhrase, class OnWord>
void scan_phrases(Words sentence, const Connectors& connectors, IsPhrase is_phrase, OnPhrase on_phrase,
                  OnWord on_word) {
    std::size_t done = 0;  // words before are handed out
    bool started = false;  // sentence[done] may begin a phrase
    const auto hand_out = [&](std::size_t end) {
        for (; done < end; ++done) on_word(sentence[done]);
    };
    for (std::size_t at = 0; at < sentence.size(); ++at) {
        if (connectors.contains(sentence[at])) {
            if (!started) hand_out(at + 1);
            continue;
        }
        const Words candidate = sentence.subspan(done, at - done + 1);
        if (started && is_phrase(candidate)) {
            on_phrase(candidate);
            done = at + 1;
            started = false;
        } else {
            hand_out(at);
            started = true;
        }
    }
    hand_out(sentence.size());
}

}  // namespace kith::embed
