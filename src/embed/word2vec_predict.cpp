// What a trained Word2Vec thinks of text: which word fits, how likely a sentence is.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include <kith/error.hpp>
#include <kith/word2vec.hpp>

#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "embed/jobs.hpp"
#include "embed/word2vec_state.hpp"

namespace kith {
namespace {

using Rows = std::span<const std::uint32_t>;

double dot(std::span<const double> x, const float* y) noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
    return sum;
}

// The input rows together, as CBOW puts them together.
void combine(const embed::Model& model, Rows rows, std::span<double> out) {
    std::fill(out.begin(), out.end(), 0.0);
    for (const std::uint32_t row : rows) {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] += model.input.row(row)[i];
    }
    if (!model.options.cbow_mean) return;
    for (double& each : out) each /= static_cast<double>(rows.size());
}

// Logarithm of the chance that the tree leads from `context` to `word`.
double path_score(const embed::Model& model, std::span<const double> context, std::uint32_t word) {
    const auto path = model.huffman.path(word);
    const auto labels = model.huffman.labels(word);
    double sum = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const double found = dot(context, model.tree.row(path[i]));
        const double margin = labels[i] > 0 ? found : -found;
        sum += std::min(margin, 0.0) - std::log1p(std::exp(-std::abs(margin)));
    }
    return sum;
}

double sentence_score(const embed::Model& model, Rows words) {
    const std::size_t window = model.options.window;
    const bool pairs = model.options.architecture == Architecture::kSkipGram;
    std::vector<double> context(model.options.vector_size);
    std::vector<std::uint32_t> around;
    double sum = 0;
    for (std::size_t at = 0; at < words.size(); ++at) {
        around.clear();
        const std::size_t end = std::min(words.size(), at + window + 1);
        for (std::size_t other = at < window ? 0 : at - window; other < end; ++other) {
            if (other != at) around.push_back(words[other]);
        }
        if (around.empty()) continue;
        if (!pairs) {
            combine(model, around, context);
            sum += path_score(model, context, words[at]);
            continue;
        }
        for (const std::uint32_t other : around) {
            std::copy_n(model.input.row(other), context.size(), context.begin());
            sum += path_score(model, context, words[at]);
        }
    }
    return sum;
}

}  // namespace

std::vector<Match> Word2Vec::predict(std::span<const std::string_view> context, std::size_t topn) const {
    if (!state_->model) throw InvalidArgument("build_vocabulary() comes before predict()");
    const embed::Model& model = *state_->model;
    if (model.negative.empty()) {
        throw InvalidArgument("negative = 0: predict() asks the outputs of negative sampling, and there are none");
    }
    std::vector<std::uint32_t> rows;
    for (const std::string_view word : context) {
        if (const auto row = model.vocabulary.find(word)) rows.push_back(*row);
    }
    if (rows.empty()) return {};
    std::vector<double> mean(model.options.vector_size);
    combine(model, rows, mean);

    const std::size_t words = model.vocabulary.size();
    std::vector<double> logits(words);
    for (std::size_t word = 0; word < words; ++word) logits[word] = dot(mean, model.negative.row(word));
    const double most = *std::max_element(logits.begin(), logits.end());
    double total = 0;
    for (const double logit : logits) total += std::exp(logit - most);
    std::vector<std::size_t> order(words);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(topn, words));
    std::partial_sort(order.begin(), end, order.end(), [&](std::size_t a, std::size_t b) {
        return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
    });
    std::vector<Match> found;
    for (auto row = order.begin(); row != end; ++row) {
        const double chance = std::exp(logits[*row] - most) / total;
        found.push_back({model.vocabulary.word(*row), static_cast<float>(chance), *row});
    }
    return found;
}

std::vector<double> Word2Vec::score(const Corpus& sentences, const ProgressFn& progress) const {
    if (!state_->model) throw InvalidArgument("build_vocabulary() comes before score()");
    const embed::Model& model = *state_->model;
    if (!model.options.hierarchical_softmax) {
        throw InvalidArgument("hierarchical_softmax is off: score() asks the tree, and there is none");
    }
    const std::vector<std::uint32_t> rows = embed::rows_of_types(sentences, model.vocabulary);
    const auto ids = sentences.ids();
    const auto ends = sentences.ends();
    std::vector<double> scores(ends.size());
    ProgressMeter meter("scoring", ends.size(), progress);
    parallel_for(ends.size(), resolve_threads(model.options.threads), [&](std::size_t sentence, std::size_t) {
        std::vector<std::uint32_t> words;
        for (std::uint64_t at = sentence == 0 ? 0 : ends[sentence - 1]; at < ends[sentence]; ++at) {
            if (ids[at] == Corpus::kForgotten || rows[ids[at]] == embed::kUnknown) continue;
            words.push_back(rows[ids[at]]);
        }
        scores[sentence] = sentence_score(model, words);
        meter.add(1);
    });
    meter.finish();
    return scores;
}

}  // namespace kith
