#include "embed/word_block.hpp"

#include "embed/tokenizer.hpp"

namespace kith::embed {

void WordBlock::begin(std::string_view text, const WordTable& known) {
    text_ = text;
    known_ = known.size();
    counts_.resize(known_);
    if (const std::size_t most = text.size() / 2 + 1; most > capacity_) {
        ids_ = std::make_unique_for_overwrite<std::uint32_t[]>(most);
        capacity_ = most;
    }
}

void WordBlock::tokenize(const WordTable& known, bool lines) {
    fresh_ = WordTable();
    line_ends_.clear();
    size_ = 0;
    embed::tokenize(
        text_,
        [&](std::string_view word) {
            const std::uint32_t id = at_hand(word);
            waiting_[waits_] = {word, size_};
            waits_ += id == WordTable::kNone ? 1 : 0;
            ids_[size_++] = id;
            if (waits_ == kTogether) look_up(known);
        },
        [&] {
            if (lines) line_ends_.push_back(size_);
        });
    look_up(known);
    hot_.tell(counts_);
}

std::uint32_t WordBlock::at_hand(std::string_view word) noexcept {
    const auto readable = static_cast<std::size_t>(text_.data() + text_.size() - word.data());
    if (word.size() > ShortWord::kMost || readable < ShortWord::kMost) return WordTable::kNone;
    return hot_.find(ShortWord(word));
}

void WordBlock::look_up(const WordTable& known) {
    std::array<WordKey, kTogether> keys;
    for (std::size_t i = 0; i < waits_; ++i) {
        const std::string_view word = waiting_[i].word;
        keys[i] = WordKey(word, static_cast<std::size_t>(text_.data() + text_.size() - word.data()));
        known.fetch_slot(keys[i]);
    }
    for (std::size_t i = 0; i < waits_; ++i) known.fetch_entry(keys[i]);
    for (std::size_t i = 0; i < waits_; ++i) known.fetch_bytes(keys[i]);
    for (std::size_t i = 0; i < waits_; ++i) {
        const WordKey& key = keys[i];
        std::uint32_t id = known.id_of(key);
        if (id == WordTable::kNone) {
            id = static_cast<std::uint32_t>(known_ + fresh_.add(key));
        } else {
            ++counts_[id];
            if (key.word.size() <= ShortWord::kMost) hot_.offer(key.last, id, counts_);
        }
        ids_[waiting_[i].at] = id;
    }
    waits_ = 0;
}

void WordBlock::merge(CorpusData& data) {
    numbers_.resize(fresh_.size());
    for (std::size_t id = 0; id < numbers_.size(); ++id) {
        numbers_[id] = data.words.add(fresh_.word(id), fresh_.count(id));
    }
    room_ = data.ids.size();
    static_cast<void>(data.extend(size_, line_ends_));
}

void WordBlock::write(CorpusData& data) const noexcept {
    std::uint32_t* const to = data.ids.data() + room_;
    for (std::size_t i = 0; i < size_; ++i) to[i] = ids_[i] < known_ ? ids_[i] : numbers_[ids_[i] - known_];
}

void WordBlock::tell_counts(WordTable& words) const noexcept {
    for (std::size_t id = 0; id < counts_.size(); ++id) words.count_more(id, counts_[id]);
}

}  // namespace kith::embed
