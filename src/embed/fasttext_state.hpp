// What a FastText is made of.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <kith/fasttext.hpp>

#include "embed/model.hpp"
#include "embed/subwords.hpp"
#include "embed/weights.hpp"

namespace kith {

// What a .bin file says and Kith has no use for, kept so that it can be written again.
struct FacebookExtras {
    std::int32_t version = 12;
    std::int32_t negative = 5;  // where it does not count
    std::int32_t word_ngrams = 1;
    std::int32_t rate_updates = 100;
    std::int64_t tokens = 0;
    bool no_parts = false;  // min_n and max_n are both written as 0
};

struct FastText::State {
    explicit State(const FastTextOptions& chosen) : options(chosen) {}

    [[nodiscard]] embed::SubwordRule rule() const noexcept {
        return {options.min_n, options.max_n, options.bucket};
    }

    // Throws InvalidArgument.
    embed::Model& require_model(const char* caller);

    // Puts the mean of the rows into `out`, zero when there are none.
    void mean_of(std::optional<std::uint32_t> word, std::span<const std::uint32_t> buckets,
                 std::span<float> out) const;

    FastTextOptions options;
    std::optional<embed::Model> model;
    embed::Weights subwords;
    embed::SubwordTable table;
    FacebookExtras extras;
    Vocabulary none;
    TrainingReport report;
    std::string notes;
};

}  // namespace kith
