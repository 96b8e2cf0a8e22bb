// most_similar and the calls that rank rows.
#include <algorithm>
#include <cmath>
#include <utility>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "base/format.hpp"
#include "keyed/batch.hpp"
#include "keyed/query.hpp"
#include "keyed/scan.hpp"
#include "keyed/through_index.hpp"

namespace kith {
namespace {

using keyed::Cosines;
using keyed::Lengths;
using keyed::RowRange;

// The best `topn` of the candidates that are not in `excluded` (ascending).
std::vector<Match> matches(const KeyedVectors& vectors, std::span<const Candidate> candidates,
                           std::span<const std::size_t> excluded, std::size_t topn) {
    std::vector<Match> out;
    for (const Candidate& candidate : candidates) {
        if (out.size() == topn) break;
        const auto row = static_cast<std::size_t>(candidate.id);
        if (std::ranges::binary_search(excluded, row)) continue;
        out.push_back({.key = vectors.key(row), .score = 0.0F - candidate.rank, .row = row});
    }
    return out;
}

std::vector<Term> signed_terms(const std::vector<std::string>& positive, const std::vector<std::string>& negative) {
    std::vector<Term> terms(positive.begin(), positive.end());
    for (const std::string& key : negative) terms.emplace_back(key, -1.0F);
    return terms;
}

}  // namespace

std::vector<float> KeyedVectors::mean_vector(std::span<const Term> terms, const MeanOptions& options) const {
    const Lengths lengths = options.unit_terms ? Lengths::kUnit : Lengths::kStored;
    return options.unit_result ? keyed::mean_of(*this, terms, lengths)
                               : keyed::unscaled_mean_of(*this, terms, lengths);
}

std::vector<Match> KeyedVectors::most_similar(std::span<const Term> terms, const SimilarOptions& options) const {
    const std::vector<float> query = mean_vector(terms);
    const std::vector<std::size_t> excluded = keyed::rows_named(*this, terms);
    const RowRange range = keyed::range_of(options, size());
    if (options.index != nullptr) {
        keyed::check_index(*options.index, size(), dim());
        Neighbors scratch;
        return matches(*this, keyed::top_through_index(*store_, query, range, excluded, options, scratch), excluded,
                       options.topn);
    }
    const std::size_t k = options.topn == 0 ? 0 : std::min(options.topn, size()) + excluded.size();
    return matches(*this, keyed::nearest(*store_, query, range, k, options.threads), excluded, options.topn);
}

std::vector<Match> KeyedVectors::most_similar(std::string_view key, const SimilarOptions& options) const {
    const Term term(key);
    return most_similar(std::span(&term, 1), options);
}

std::vector<Match> KeyedVectors::most_similar(const std::vector<std::string>& positive,
                                              const std::vector<std::string>& negative,
                                              const SimilarOptions& options) const {
    return most_similar(signed_terms(positive, negative), options);
}

NeighborTable KeyedVectors::most_similar_batch(MatrixView<const float> queries,
                                               const SimilarOptions& options) const {
    Matrix units(queries.rows(), queries.cols());
    for (std::size_t i = 0; i < queries.rows(); ++i) {
        keyed::check_vector(queries.row(i), dim(), formatted("queries[{}]", i).c_str());
        std::ranges::copy(queries.row(i), units.row(i).begin());
        keyed::make_unit(units.row(i));
    }
    return keyed::top_of_batch(*store_, units.view(), {}, options);
}

NeighborTable KeyedVectors::most_similar_batch(std::span<const std::size_t> rows,
                                               const SimilarOptions& options) const {
    Matrix units(rows.size(), dim());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Term term = Term::row(rows[i]);
        std::ranges::copy(mean_vector(std::span(&term, 1)), units.row(i).begin());
    }
    return keyed::top_of_batch(*store_, units.view(), rows, options);
}

std::vector<Match> KeyedVectors::most_similar_cosmul(std::span<const Term> terms,
                                                     const SimilarOptions& options) const {
    if (terms.empty()) throw InvalidArgument("there are no terms to compute similarities with");
    if (options.index != nullptr) throw InvalidArgument("index is given; 3CosMul can only be searched exactly");
    std::vector<std::vector<float>> vectors;
    for (const Term& term : terms) vectors.push_back(keyed::vector_of(*this, term, Lengths::kUnit));
    const Cosines cosines(*store_);
    const auto score = [&](RowRange block, float* out) {
        float factor[keyed::kScanBlock];
        float below[keyed::kScanBlock];
        std::fill_n(out, block.size(), 1.0F);
        std::fill_n(below, block.size(), 1.0F);
        for (std::size_t t = 0; t < terms.size(); ++t) {
            cosines(vectors[t], block, factor);
            float* const side = std::signbit(terms[t].weight()) ? below : out;
            for (std::size_t i = 0; i < block.size(); ++i) side[i] *= (1.0F + factor[i]) / 2.0F;
        }
        for (std::size_t i = 0; i < block.size(); ++i) out[i] /= below[i] + 0.000001F;
    };
    const std::vector<std::size_t> excluded = keyed::rows_named(*this, terms);
    const std::size_t k = options.topn == 0 ? 0 : std::min(options.topn, size()) + excluded.size();
    const std::vector<Candidate> best =
        keyed::scan_top(keyed::range_of(options, size()), k, options.threads, score);
    return matches(*this, best, excluded, options.topn);
}

std::vector<float> KeyedVectors::similarities(std::span<const Term> terms, std::size_t threads) const {
    const std::vector<float> query = mean_vector(terms);
    std::vector<float> out(size());
    const Cosines cosines(*store_);
    parallel_ranges(size(), keyed::kScanGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        cosines(query, {first, last}, out.data() + first);
    });
    return out;
}

std::vector<std::size_t> KeyedVectors::closer_than(std::string_view a, std::string_view b) const {
    const std::size_t from = row_of(a);
    const std::size_t bound = row_of(b);
    const Term term(a);
    const std::vector<float> scores = similarities(std::span(&term, 1));
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < scores.size(); ++row) {
        if (scores[row] > scores[bound] && row != from) rows.push_back(row);
    }
    return rows;
}

std::size_t KeyedVectors::rank(std::string_view a, std::string_view b) const {
    return closer_than(a, b).size() + 1;
}

}  // namespace kith
