#include "embed/corpus_data.hpp"

#include <algorithm>

namespace kith::embed {
namespace {

// Words of a sentence: positions in one are 32-bit numbers.
constexpr std::size_t kLongest = std::size_t{1} << 30;

}  // namespace

CorpusData::CorpusData(const CorpusOptions& options)
    : sentence_break(options.sentence_break),
      max_sentence_length(options.max_sentence_length == 0 || sentence_break == SentenceBreak::kEveryLine
                              ? kLongest
                              : std::min(options.max_sentence_length, kLongest)),
      max_vocab_size(options.max_vocab_size),
      ids(options.memory_limit, options.spill_folder) {}

void CorpusData::push(std::string_view word) {
    const std::uint32_t id = words.add(word);
    if (max_vocab_size != 0 && words.count(id) == 1) {
        if (births_.size() <= id) births_.resize(id + 1);
        births_[id] = ids.size();
    }
    ids.push_back(id);
    if (++sentence_length_ == max_sentence_length) end_any_sentence();
}

void CorpusData::push_ids(const std::uint32_t* from, std::size_t count, const std::vector<std::uint32_t>& remap) {
    while (count != 0) {
        const std::size_t run = std::min(count, max_sentence_length - sentence_length_);
        std::uint32_t* const to = ids.extend(run);
        for (std::size_t i = 0; i < run; ++i) to[i] = remap[from[i]];
        from += run;
        count -= run;
        sentence_length_ += run;
        if (sentence_length_ == max_sentence_length) end_any_sentence();
    }
}

void CorpusData::end_line() {
    switch (sentence_break) {
        case SentenceBreak::kLine: return end_sentence();
        case SentenceBreak::kEveryLine: return end_any_sentence();
        case SentenceBreak::kNone: return;
    }
}

void CorpusData::end_sentence() {
    if (sentence_length_ != 0) end_any_sentence();
}

void CorpusData::end_any_sentence() {
    ends.push_back(ids.size());
    sentence_length_ = 0;
    if (max_vocab_size != 0 && words.live() > max_vocab_size) prune();
}

void CorpusData::prune() {
    words.prune(min_reduce_++);
    pruned_ = true;
}

void CorpusData::finish() {
    if (pruned_) {
        std::vector<std::uint32_t> order;
        for (std::uint32_t id = 0; id < words.size(); ++id) {
            if (words.count(id) != 0) order.push_back(id);
        }
        std::sort(order.begin(), order.end(), [this](auto a, auto b) { return births_[a] < births_[b]; });
        std::vector<std::uint32_t> renumbered(words.size(), Corpus::kForgotten);
        for (std::size_t i = 0; i < order.size(); ++i) renumbered[order[i]] = static_cast<std::uint32_t>(i);
        std::uint32_t* const all = ids.data();
        for (std::size_t at = 0; at < ids.size(); ++at) {
            all[at] = at < births_[all[at]] ? Corpus::kForgotten : renumbered[all[at]];
        }
        words.reorder(order);
    }
    births_ = {};
    ids.shrink_to_fit();
    words.shrink_to_fit();
    ends.shrink_to_fit();
}

}  // namespace kith::embed
