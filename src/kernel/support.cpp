#include "kernel/support.hpp"

#include <kith/error.hpp>

namespace kith::kernel {

bool is_supported(Metric metric, Scalar scalar) noexcept {
    for (const Support& pair : kSupport) {
        if (pair.metric == metric && pair.scalar == scalar) return true;
    }
    return false;
}

std::string support_list() {
    std::string list;
    for (const Support& pair : kSupport) {
        if (!list.empty()) list += ", ";
        list += name(pair.metric);
        list += '/';
        list += name(pair.scalar);
    }
    return list;
}

const DistanceKernels& kernels_for(const Table& table, Metric metric, Scalar scalar) {
    if (!is_supported(metric, scalar)) {
        throw Unsupported("metric " + std::string(name(metric)) + " on elements of type " +
                          std::string(name(scalar)) + " has no kernel; supported: " + support_list());
    }
    return table.of(metric, scalar);
}

const DistanceKernels& search_kernels(const Table& table, Metric metric, Scalar rows) {
    const DistanceKernels& alike = kernels_for(table, metric, rows);
    if (rows == Scalar::kFloat32 || rows == Scalar::kBits) return alike;
    return table.asymmetric[static_cast<std::size_t>(metric)][static_cast<std::size_t>(rows)];
}

}  // namespace kith::kernel
