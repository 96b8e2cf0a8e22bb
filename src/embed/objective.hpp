// What the context of a word is trained to tell: the word from random ones, or the word's path through a binary
// tree. Either way the answer is a set of target rows with labels, chosen a few words ahead so that the rows can be
// on their way to the cache.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "embed/model.hpp"
#include "embed/negative_pool.hpp"

namespace kith::embed {

// See kernel::TrainStep.
struct Targets {
    Targets(std::size_t most, bool turns) : rows(most), labels(most), rates(most), in_turn(turns) {}

    std::vector<float*> rows;
    std::vector<float> labels;
    std::vector<float> rates;
    std::size_t count = 0;

    // Whether the vectors of a context learn one after the other.
    bool in_turn;

    void add(float* row, float label, float rate) noexcept {
        rows[count] = row;
        labels[count] = label;
        rates[count] = rate;
        ++count;
    }
};

inline void prefetch_row(const float* row, std::size_t floats) noexcept {
    constexpr std::size_t kCacheLine = 16;
    for (std::size_t i = 0; i < floats; i += kCacheLine) __builtin_prefetch(row + i, 1);
}

// Negative sampling. All context words of one centre share the random words (Ji et al. 2016).
class NegativeSampling {
public:
    static constexpr bool kInTurn = false;

    explicit NegativeSampling(Model& model) noexcept : model_(model), pool_(model.sampler) {}

    [[nodiscard]] std::size_t most_targets() const noexcept { return model_.options.negative + 1; }
    [[nodiscard]] std::size_t cols() const noexcept { return model_.negative.cols(); }

    // Targets to come depend on the stream alone.
    void forget() noexcept { pool_.clear(); }

    // As in word2vec a draw that hits the true word is skipped; one that hits a word drawn before counts twice.
    void choose(std::uint32_t word, float alpha, Random& random, Targets& out) noexcept {
        const std::size_t stride = model_.negative.stride();
        out.count = 0;
        add(word, 1.0F, alpha, stride, out);
        for (std::size_t i = 0; i < model_.options.negative; ++i) {
            const std::uint32_t other = pool_.draw(random);
            if (other == word) continue;
            float* const row = model_.negative.row(other);
            const auto end = out.rows.begin() + static_cast<std::ptrdiff_t>(out.count);
            const auto before = std::find(out.rows.begin() + 1, end, row);
            if (before == end) {
                add(other, 0.0F, alpha, stride, out);
            } else {
                out.rates[static_cast<std::size_t>(before - out.rows.begin())] += alpha;
            }
        }
    }

private:
    void add(std::uint32_t word, float label, float alpha, std::size_t stride, Targets& out) const noexcept {
        float* const row = model_.negative.row(word);
        prefetch_row(row, stride);
        out.add(row, label, alpha);
    }

    Model& model_;
    NegativePool pool_;
};

// All context words of one centre share its whole path, so that they would move it the same way many times over if all went
// by what it was before: vectors become better when they learn in turn (bench/RESULTS.md).
class HierarchicalSoftmax {
public:
    static constexpr bool kInTurn = true;

    explicit HierarchicalSoftmax(Model& model) noexcept : model_(model) {}

    [[nodiscard]] std::size_t most_targets() const noexcept { return model_.huffman.longest(); }
    [[nodiscard]] std::size_t cols() const noexcept { return model_.tree.cols(); }

    void forget() noexcept {}

    void choose(std::uint32_t word, float alpha, Random& /*random*/, Targets& out) const noexcept {
        const auto path = model_.huffman.path(word);
        const auto labels = model_.huffman.labels(word);
        out.count = 0;
        for (std::size_t i = 0; i < path.size(); ++i) {
            float* const row = model_.tree.row(path[i]);
            prefetch_row(row, model_.tree.stride());
            out.add(row, labels[i], alpha);
        }
    }

private:
    Model& model_;
};

}  // namespace kith::embed
