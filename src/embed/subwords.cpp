#include "embed/subwords.hpp"

#include <string>

namespace kith::embed {
namespace {

// A byte that goes on with a character of UTF-8.
constexpr bool continues(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

void SubwordRule::buckets(std::string_view word, std::vector<std::uint32_t>& out) const {
    if (bucket == 0 || word == "</s>") return;
    std::string text;
    text.reserve(word.size() + 2);
    text += '<';
    text += word;
    text += '>';
    for (std::size_t begin = 0; begin < text.size(); ++begin) {
        if (continues(text[begin])) continue;
        std::size_t end = begin;
        for (std::size_t length = 1; end < text.size() && length <= max_n; ++length) {
            do ++end;
            while (end < text.size() && continues(text[end]));
            // A bare '<' or '>' is no part.
            const bool edge = length == 1 && (begin == 0 || end == text.size());
            if (length < min_n || edge) continue;
            out.push_back(subword_hash(std::string_view(text).substr(begin, end - begin)) %
                          static_cast<std::uint32_t>(bucket));
        }
    }
}

SubwordTable::SubwordTable(const Vocabulary& vocabulary, const SubwordRule& rule) {
    first_.reserve(vocabulary.size() + 1);
    first_.push_back(0);
    for (std::size_t word = 0; word < vocabulary.size(); ++word) {
        rule.buckets(vocabulary.word(word), buckets_);
        first_.push_back(buckets_.size());
    }
    buckets_.shrink_to_fit();
}

}  // namespace kith::embed
