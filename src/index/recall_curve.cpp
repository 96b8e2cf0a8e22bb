#include "index/recall_curve.hpp"

namespace kith::index {

std::vector<std::vector<std::uint32_t>> true_neighbors(const RowStore& rows, std::span<const std::size_t> selves) {
    constexpr std::size_t kBlock = 256;
    std::array<float, kBlock> ranks;
    Matrix memory(selves.size(), rows.dim());
    std::vector<const void*> queries;
    for (std::size_t q = 0; q < selves.size(); ++q) queries.push_back(rows.as_query(selves[q], memory.row(q)));
    std::vector<TopK> tops(selves.size(), TopK(kCurveNeighbors));
    for (std::size_t first = 0; first < rows.count(); first += kBlock) {
        const std::size_t n = std::min(kBlock, rows.count() - first);
        for (std::size_t q = 0; q < selves.size(); ++q) {
            rows.kernels().scan(queries[q], rows.row(first), rows.stride(), n, rows.length(), ranks.data());
            for (std::size_t i = 0; i < n; ++i) {
                if (first + i != selves[q]) tops[q].push(ranks[i], static_cast<Id>(first + i));
            }
        }
    }
    std::vector<std::vector<std::uint32_t>> out(selves.size());
    for (std::size_t q = 0; q < selves.size(); ++q) {
        for (const Candidate& each : tops[q].sorted()) out[q].push_back(static_cast<std::uint32_t>(each.id));
    }
    return out;
}

CurveQueries draw_curve_queries(const RowStore& rows, std::size_t count, Random random) {
    CurveQueries out{std::vector<std::size_t>(count), {}};
    for (std::size_t& self : out.selves) self = random.below(rows.count());
    out.neighbors = true_neighbors(rows, out.selves);
    return out;
}

}  // namespace kith::index
