// The words that a model knows: the most frequent first, unless made by in_order().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/corpus.hpp>

namespace kith {

struct VocabularyOptions {
    // Rarer words are left out; their occurrences are skipped in training, as if they were not in the text.
    std::uint64_t min_count = 5;

    // At most so many words; 0 means no limit. Takes effect by raising min_count, so that of several words equally
    // frequent at the limit none stays.
    std::uint64_t max_final_vocab = 0;
};

// Immutable; copies share the data. Safe to call from any number of threads.
class Vocabulary {
public:
    // An empty vocabulary.
    Vocabulary();

    // The types of a corpus by descending count; of equally frequent ones the later seen comes first, as in gensim.
    explicit Vocabulary(const Corpus& corpus, const VocabularyOptions& options = {});

    // From words counted elsewhere. Throws InvalidArgument when a word stands twice.
    explicit Vocabulary(std::span<const std::pair<std::string, std::uint64_t>> counted,
                        const VocabularyOptions& options = {});

    // All of these words, row by row in this order: for a model whose rows are numbered already. Throws
    // InvalidArgument when a word stands twice.
    [[nodiscard]] static Vocabulary in_order(std::span<const std::pair<std::string, std::uint64_t>> counted);

    // These words, each in its row, their counts and those in `more` added up; then the words that are only in `more`, in
    // its order.
    [[nodiscard]] Vocabulary extended(const Vocabulary& more) const;

    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    // REQUIRES: row < size().
    [[nodiscard]] std::string_view word(std::size_t row) const noexcept;
    [[nodiscard]] std::uint64_t count(std::size_t row) const noexcept;

    // All of them, in the order of rows.
    [[nodiscard]] std::vector<std::string> words() const;
    [[nodiscard]] std::span<const std::uint64_t> counts() const noexcept;

    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view word) const noexcept;

    // Occurrences of the words kept.
    [[nodiscard]] std::uint64_t total() const noexcept;

    // What was left out: types and their occurrences.
    [[nodiscard]] std::uint64_t dropped_types() const noexcept;
    [[nodiscard]] std::uint64_t dropped_words() const noexcept;

    // min_count, or what max_final_vocab raised it to.
    [[nodiscard]] std::uint64_t effective_min_count() const noexcept;

private:
    struct Data;
    std::shared_ptr<const Data> data_;
};

}  // namespace kith
