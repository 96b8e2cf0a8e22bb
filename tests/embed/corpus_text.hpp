// Corpora as text, for comparing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <kith/corpus.hpp>

namespace kith::test {

// One line per sentence; a forgotten word is "?".
inline std::string sentences_of(const Corpus& corpus) {
    std::string out;
    std::uint64_t at = 0;
    for (const std::uint64_t end : corpus.ends()) {
        for (const char* separator = ""; at < end; ++at, separator = " ") {
            out += separator;
            out += corpus.ids()[at] == Corpus::kForgotten ? "?" : corpus.word(corpus.ids()[at]);
        }
        out += '\n';
    }
    return out;
}

// "word=count …" in the order of types.
inline std::string types_of(const Corpus& corpus) {
    std::string out;
    for (std::size_t type = 0; type < corpus.types(); ++type) {
        out += std::string(corpus.word(type)) + '=' + std::to_string(corpus.count(type)) + ' ';
    }
    return out;
}

inline Corpus corpus_of(std::string_view text, const CorpusOptions& options = {}) {
    CorpusBuilder builder(options);
    builder.add_text(text);
    return builder.finish();
}

// Fifty times the same nine words, six of them different.
inline Corpus small_corpus() {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "the cat saw the dog and the dog ran\n";
    return corpus_of(text);
}

}  // namespace kith::test
