#include "keyed/query.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include <kith/error.hpp>

#include "base/format.hpp"

namespace kith::keyed {
namespace {

void scale_to_unit(std::span<const double> from, std::span<float> to) noexcept {
    double sum = 0;
    for (const double value : from) sum += value * value;
    const double norm = std::sqrt(sum);
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<float>(norm > 0 ? from[i] / norm : 0.0);
}

}  // namespace

RowRange range_of(const SimilarOptions& options, std::size_t rows) noexcept {
    if (options.restrict_vocab != 0) return {0, std::min(options.restrict_vocab, rows)};
    const std::size_t last = std::min(options.clip_end, rows);
    return {std::min(options.clip_start, last), last};
}

std::size_t row_named(const KeyedVectors& vectors, const Term& term) {
    if (const auto* key = std::get_if<std::string_view>(&term.operand())) return vectors.row_of(*key);
    if (const auto* row = std::get_if<Term::Row>(&term.operand())) {
        static_cast<void>(vectors.vector(row->number));
        return row->number;
    }
    return vectors.size();
}

std::vector<std::size_t> rows_named(const KeyedVectors& vectors, std::span<const Term> terms) {
    std::vector<std::size_t> rows;
    for (const Term& term : terms) {
        const std::size_t row = row_named(vectors, term);
        if (row < vectors.size()) rows.push_back(row);
    }
    std::ranges::sort(rows);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

std::vector<float> vector_of(const KeyedVectors& vectors, const Term& term, Lengths lengths) {
    if (const auto* given = std::get_if<std::span<const float>>(&term.operand())) {
        check_vector(*given, vectors.dim(), "vector");
        return {given->begin(), given->end()};
    }
    const std::size_t row = row_named(vectors, term);
    if (lengths == Lengths::kUnit) return vectors.unit_vector(row);
    const std::span<const float> stored = vectors.vector(row);
    return {stored.begin(), stored.end()};
}

namespace {

// The weighted sum of the terms.
std::vector<double> sum_of(const KeyedVectors& vectors, std::span<const Term> terms, Lengths lengths) {
    if (terms.empty()) throw InvalidArgument("there are no terms to compute a mean of");
    std::vector<double> sum(vectors.dim());
    for (const Term& term : terms) {
        if (!std::isfinite(term.weight())) {
            throw InvalidArgument(formatted("weight is {}; it must be finite", term.weight()));
        }
        const std::vector<float> vector = vector_of(vectors, term, lengths);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(term.weight()) * vector[i];
    }
    return sum;
}

}  // namespace

std::vector<float> mean_of(const KeyedVectors& vectors, std::span<const Term> terms, Lengths lengths) {
    const std::vector<double> sum = sum_of(vectors, terms, lengths);
    std::vector<float> unit(sum.size());
    scale_to_unit(sum, unit);
    return unit;
}

std::vector<float> unscaled_mean_of(const KeyedVectors& vectors, std::span<const Term> terms, Lengths lengths) {
    const std::vector<double> sum = sum_of(vectors, terms, lengths);
    double total = 0;
    for (const Term& term : terms) total += std::abs(static_cast<double>(term.weight()));
    std::vector<float> mean(sum.size());
    for (std::size_t i = 0; i < sum.size(); ++i) mean[i] = static_cast<float>(total > 0 ? sum[i] / total : 0.0);
    return mean;
}

void make_unit(std::span<float> vector) noexcept {
    const std::vector<double> wide(vector.begin(), vector.end());
    scale_to_unit(wide, vector);
}

void check_vector(std::span<const float> vector, std::size_t dim, const char* what) {
    if (vector.size() != dim) {
        throw InvalidArgument(formatted("{} has {} elements; it must have {}", what, vector.size(), dim));
    }
    for (std::size_t i = 0; i < vector.size(); ++i) {
        if (!std::isfinite(vector[i])) {
            throw InvalidArgument(formatted("element {} of {} is {}; it must be finite", i, what, vector[i]));
        }
    }
}

}  // namespace kith::keyed
