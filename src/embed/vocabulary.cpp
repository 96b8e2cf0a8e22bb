#include <kith/vocabulary.hpp>

#include <algorithm>
#include <functional>
#include <utility>

#include <kith/error.hpp>

#include "embed/word_table.hpp"

namespace kith {

struct Vocabulary::Data {
    embed::WordTable words;
    std::vector<std::uint64_t> counts;
    std::uint64_t total = 0;
    std::uint64_t dropped_types = 0;
    std::uint64_t dropped_words = 0;
    std::uint64_t min_count = 0;

    // `word(i)` and `count(i)` for i < types, in the order first seen.
    template <class Word, class Count>
    void fill(std::size_t types, const VocabularyOptions& options, Word word, Count count) {
        struct Seen {
            std::uint64_t count;
            std::size_t type;
            bool operator>(const Seen& other) const noexcept {
                return count != other.count ? count > other.count : type > other.type;
            }
        };
        std::vector<Seen> kept;
        std::uint64_t all = 0;
        for (std::size_t i = 0; i < types; ++i) {
            all += count(i);
            if (count(i) >= options.min_count) kept.push_back({count(i), i});
        }
        std::sort(kept.begin(), kept.end(), std::greater<>());
        min_count = options.min_count;
        if (options.max_final_vocab != 0 && kept.size() > options.max_final_vocab) {
            min_count = kept[options.max_final_vocab].count + 1;
            const auto frequent = [&](const Seen& each) { return each.count >= min_count; };
            kept.erase(std::partition_point(kept.begin(), kept.end(), frequent), kept.end());
        }
        counts.reserve(kept.size());
        for (const Seen& each : kept) {
            words.add(word(each.type), each.count);
            counts.push_back(each.count);
            total += each.count;
        }
        dropped_types = types - kept.size();
        dropped_words = all - total;
        words.shrink_to_fit();
    }
};

namespace {

void refuse_repeated_words(std::span<const std::pair<std::string, std::uint64_t>> counted) {
    embed::WordTable seen;
    for (const auto& [word, count] : counted) {
        if (seen.find(word)) throw InvalidArgument("the word '" + word + "' stands twice among the counted words");
        seen.add(word);
    }
}

}  // namespace

Vocabulary::Vocabulary() : data_(std::make_shared<const Data>()) {}

Vocabulary::Vocabulary(const Corpus& corpus, const VocabularyOptions& options) {
    auto data = std::make_shared<Data>();
    data->fill(
        corpus.types(), options, [&](std::size_t i) { return corpus.word(i); },
        [&](std::size_t i) { return corpus.count(i); });
    data_ = std::move(data);
}

Vocabulary::Vocabulary(std::span<const std::pair<std::string, std::uint64_t>> counted,
                       const VocabularyOptions& options) {
    refuse_repeated_words(counted);
    auto data = std::make_shared<Data>();
    data->fill(
        counted.size(), options, [&](std::size_t i) { return std::string_view(counted[i].first); },
        [&](std::size_t i) { return counted[i].second; });
    data_ = std::move(data);
}

Vocabulary Vocabulary::in_order(std::span<const std::pair<std::string, std::uint64_t>> counted) {
    refuse_repeated_words(counted);
    auto data = std::make_shared<Data>();
    data->counts.reserve(counted.size());
    for (const auto& [word, count] : counted) {
        data->words.add(word, count);
        data->counts.push_back(count);
        data->total += count;
    }
    Vocabulary vocabulary;
    vocabulary.data_ = std::move(data);
    return vocabulary;
}

Vocabulary Vocabulary::extended(const Vocabulary& more) const {
    auto data = std::make_shared<Data>(*data_);
    for (std::size_t row = 0; row < more.size(); ++row) {
        const std::uint32_t at = data->words.add(more.word(row), more.count(row));
        if (at == data->counts.size()) data->counts.push_back(0);
        data->counts[at] += more.count(row);
    }
    data->total += more.total();
    data->dropped_types = more.dropped_types();
    data->dropped_words = more.dropped_words();
    data->min_count = more.effective_min_count();
    Vocabulary vocabulary;
    vocabulary.data_ = std::move(data);
    return vocabulary;
}

std::size_t Vocabulary::size() const noexcept {
    return data_->counts.size();
}

std::string_view Vocabulary::word(std::size_t row) const noexcept {
    return data_->words.word(row);
}

std::uint64_t Vocabulary::count(std::size_t row) const noexcept {
    return data_->counts[row];
}

std::vector<std::string> Vocabulary::words() const {
    std::vector<std::string> out(size());
    for (std::size_t row = 0; row < out.size(); ++row) out[row] = word(row);
    return out;
}

std::span<const std::uint64_t> Vocabulary::counts() const noexcept {
    return data_->counts;
}

std::optional<std::uint32_t> Vocabulary::find(std::string_view word) const noexcept {
    return data_->words.find(word);
}

std::uint64_t Vocabulary::total() const noexcept {
    return data_->total;
}

std::uint64_t Vocabulary::dropped_types() const noexcept {
    return data_->dropped_types;
}

std::uint64_t Vocabulary::dropped_words() const noexcept {
    return data_->dropped_words;
}

std::uint64_t Vocabulary::effective_min_count() const noexcept {
    return data_->min_count;
}

}  // namespace kith
