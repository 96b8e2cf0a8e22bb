#include <kith/word_movers.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <vector>

#include "keyed/query.hpp"
#include "keyed/transport.hpp"

namespace kith {
namespace {

// The different terms of a document and how often each stands there.
struct Document {
    Document(const KeyedVectors& vectors, std::span<const Term> terms, Travel travel) {
        const auto lengths = travel == Travel::kUnit ? keyed::Lengths::kUnit : keyed::Lengths::kStored;
        std::map<std::size_t, std::size_t> seen;  // row to place
        for (const Term& term : terms) {
            const std::size_t row = keyed::row_named(vectors, term);
            if (row < vectors.size()) {
                const auto [place, is_new] = seen.try_emplace(row, points.size());
                if (!is_new) {
                    ++counts[place->second];
                    continue;
                }
            }
            points.push_back(keyed::vector_of(vectors, term, lengths));
            counts.push_back(1);
        }
    }

    std::vector<std::vector<float>> points;
    std::vector<std::uint64_t> counts;
};

double euclidean(std::span<const float> a, std::span<const float> b) noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = static_cast<double>(a[i]) - b[i];
        sum += difference * difference;
    }
    return std::sqrt(sum);
}

}  // namespace

double word_movers_distance(const KeyedVectors& vectors, std::span<const Term> a, std::span<const Term> b,
                            Travel travel) {
    Document from(vectors, a, travel);
    Document to(vectors, b, travel);
    if (a.empty() && b.empty()) return 0;
    if (a.empty() || b.empty()) return std::numeric_limits<double>::infinity();
    std::vector<double> costs;
    costs.reserve(from.points.size() * to.points.size());
    for (const auto& start : from.points) {
        for (const auto& end : to.points) costs.push_back(euclidean(start, end));
    }
    // Whole numbers, so that nothing is lost on the way: each word of one document counts as many as the other has.
    for (std::uint64_t& count : from.counts) count *= b.size();
    for (std::uint64_t& count : to.counts) count *= a.size();
    const MatrixView<const double> cost(costs.data(), from.points.size(), to.points.size());
    const double total = keyed::transport_cost(from.counts, to.counts, cost);
    return total / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

}  // namespace kith
