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

std::uint32_t* CorpusData::extend(std::size_t count, std::span<const std::size_t> line_ends) {
    const std::uint64_t first = ids.size();
    std::uint32_t* const room = ids.extend(count);
    std::size_t done = 0;
    const auto go_to = [&](std::size_t position) {
        while (position - done >= max_sentence_length - sentence_length_) {
            done += max_sentence_length - sentence_length_;
            end_at(first + done);
        }
        sentence_length_ += position - done;
        done = position;
    };
    for (const std::size_t end : line_ends) {
        go_to(end);
        end_line_at(first + end);
    }
    go_to(count);
    return room;
}

void CorpusData::end_line_at(std::uint64_t position) {
    const bool every = sentence_break == SentenceBreak::kEveryLine;
    if (every || (sentence_break == SentenceBreak::kLine && sentence_length_ != 0)) end_at(position);
}

void CorpusData::end_sentence() {
    if (sentence_length_ != 0) end_any_sentence();
}

void CorpusData::end_any_sentence() {
    end_at(ids.size());
}

void CorpusData::end_at(std::uint64_t position) {
    ends.push_back(position);
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
    words.keep_words_only();
    ends.shrink_to_fit();
}

}  // namespace kith::embed
