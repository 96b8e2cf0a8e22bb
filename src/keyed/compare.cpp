// Similarity between a few terms.
#include <algorithm>
#include <cmath>
#include <utility>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "keyed/query.hpp"

namespace kith {
namespace {

using keyed::Lengths;

// Cosine; 0 when either is zero.
double cosine(std::span<const float> a, std::span<const float> b) noexcept {
    double product = 0;
    double a_squared = 0;
    double b_squared = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += static_cast<double>(a[i]) * b[i];
        a_squared += static_cast<double>(a[i]) * a[i];
        b_squared += static_cast<double>(b[i]) * b[i];
    }
    const double norms = std::sqrt(a_squared) * std::sqrt(b_squared);
    return norms > 0 ? std::clamp(product / norms, -1.0, 1.0) : 0.0;
}

}  // namespace

float KeyedVectors::similarity(const Term& a, const Term& b) const {
    return static_cast<float>(
        cosine(keyed::vector_of(*this, a, Lengths::kStored), keyed::vector_of(*this, b, Lengths::kStored)));
}

std::vector<float> KeyedVectors::distances(const Term& term, std::span<const Term> others) const {
    std::vector<float> out;
    if (others.empty()) {
        const std::vector<float> vector = keyed::vector_of(*this, term, Lengths::kStored);
        const Term unweighted{std::span<const float>(vector)};
        out = similarities(std::span(&unweighted, 1));
        for (float& value : out) value = 1.0F - value;
        return out;
    }
    out.reserve(others.size());
    for (const Term& other : others) out.push_back(1.0F - similarity(term, other));
    return out;
}

float KeyedVectors::n_similarity(std::span<const Term> a, std::span<const Term> b) const {
    if (a.empty() || b.empty()) throw InvalidArgument("a set of terms is empty; both need at least one");
    return static_cast<float>(
        cosine(keyed::mean_of(*this, a, Lengths::kStored), keyed::mean_of(*this, b, Lengths::kStored)));
}

std::size_t KeyedVectors::most_similar_to_given(const Term& term, std::span<const Term> candidates) const {
    if (candidates.empty()) throw InvalidArgument("there are no candidates to choose from");
    std::size_t best = 0;
    float best_score = similarity(term, candidates[0]);
    for (std::size_t i = 1; i < candidates.size(); ++i) {
        const float score = similarity(term, candidates[i]);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

std::vector<Match> KeyedVectors::rank_by_centrality(std::span<const std::string> keys) const {
    std::vector<Term> known;
    std::vector<Match> ranked;
    for (const std::string& name : keys) {
        const std::optional<std::size_t> row = find(name);
        if (!row) continue;
        known.push_back(Term::row(*row));
        ranked.push_back({.key = key(*row), .score = 0, .row = *row});
    }
    if (known.empty()) throw InvalidArgument("cannot select a word from an empty list");
    const std::vector<float> mean = mean_vector(known);
    for (Match& match : ranked) match.score = static_cast<float>(cosine(vector(match.row), mean));
    std::ranges::stable_sort(ranked, [](const Match& a, const Match& b) {
        return a.score > b.score || (a.score == b.score && a.row < b.row);
    });
    return ranked;
}

std::string KeyedVectors::doesnt_match(std::span<const std::string> keys) const {
    return std::string(rank_by_centrality(keys).back().key);
}

}  // namespace kith
