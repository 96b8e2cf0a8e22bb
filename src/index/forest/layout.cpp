#include "index/forest/layout.hpp"

#include <string>

#include <kith/error.hpp>

namespace kith::index {
namespace {

constexpr NodeLayout make(std::uint32_t children, std::uint32_t vector, std::size_t vector_bytes,
                          std::uint32_t term = 0, PlaneTerm plane_term = PlaneTerm::kNone) {
    NodeLayout layout;
    layout.children = children;
    layout.vector = vector;
    layout.node_bytes = vector + static_cast<std::uint32_t>(vector_bytes);
    layout.leaf_capacity = (layout.node_bytes - children) / sizeof(std::int32_t);
    layout.term = term;
    layout.plane_term = plane_term;
    return layout;
}

}  // namespace

NodeLayout layout_of(Metric metric, std::size_t dim, DotLayout dot_layout) {
    if (dim == 0 || dim > kMaxDim) {
        throw InvalidArgument("dim is " + std::to_string(dim) + "; a forest takes 1 to " + std::to_string(kMaxDim) +
                              " dimensions");
    }
    const std::size_t bytes = row_bytes(scalar_of(metric), dim);
    switch (metric) {
        case Metric::kAngular: return make(4, 12, bytes);
        case Metric::kEuclidean:
        case Metric::kManhattan: return make(8, 16, bytes, 4, PlaneTerm::kOffset);
        case Metric::kHamming: return make(4, 16, bytes);
        case Metric::kDot:
            return dot_layout == DotLayout::kHead ? make(4, 24, bytes, 12)
                                                  : make(4, 16, bytes, 12, PlaneTerm::kFactorSquared);
    }
    throw InvalidArgument("metric " + std::to_string(static_cast<int>(metric)) + " has no forest");
}

}  // namespace kith::index
