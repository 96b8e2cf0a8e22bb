// Fills the table of one instruction set from the support list. Included by isa_*.cpp only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>

#include "kernel/bytes.hpp"
#include "kernel/centroids.hpp"
#include "kernel/codes.hpp"
#include "kernel/floats.hpp"
#include "kernel/ops.hpp"
#include "kernel/reduce.hpp"
#include "kernel/support.hpp"
#include "kernel/table.hpp"
#include "kernel/train.hpp"

namespace kith::kernel {

template <Scalar S>
struct ElementOf;
template <>
struct ElementOf<Scalar::kFloat32> {
    using type = float;
};
template <>
struct ElementOf<Scalar::kFloat16> {
    using type = Half;
};
template <>
struct ElementOf<Scalar::kInt8> {
    using type = std::int8_t;
};
template <>
struct ElementOf<Scalar::kUint8> {
    using type = std::uint8_t;
};
template <>
struct ElementOf<Scalar::kBits> {
    using type = std::uint64_t;
};

template <class Isa, Metric M, Scalar S>
constexpr void fill(Table& table) {
    using Op = typename OpOf<M>::type;
    using T = typename ElementOf<S>::type;
    table.distance[static_cast<std::size_t>(M)][static_cast<std::size_t>(S)] = {
        pair<Isa, Op, T>, gather<Isa, Op, T>, scan<Isa, Op, T>, nullptr};
    if constexpr (Op::kOnlyGrows && std::is_same_v<T, float>) {
        table.distance[static_cast<std::size_t>(M)][static_cast<std::size_t>(S)].within = within<Isa, Op, float>;
    }
    if constexpr (S != Scalar::kFloat32 && S != Scalar::kBits) {
        DistanceKernels& kernels = table.asymmetric[static_cast<std::size_t>(M)][static_cast<std::size_t>(S)];
        kernels = {pair<Isa, Op, float, T>, gather<Isa, Op, float, T>, scan<Isa, Op, float, T>, nullptr};
        if constexpr (Op::kOnlyGrows) kernels.within = within<Isa, Op, T>;
    }
}

template <class Isa, std::size_t... I>
constexpr Table make_table(const char* name, std::index_sequence<I...> /*pairs*/) {
    Table table{name,
                {},
                {dot<Isa>, sum_of_squares<Isa>, axpy<Isa>, scale<Isa>, dot_gather<Isa>, dot_scan<Isa>,
                 pull_unit_rows<Isa>, widen<Isa>, partition<Isa>},
                make_train_kernels<Isa>(),
                code_kernels<Isa>(),
                {byte_margins<Isa>, sum_above<Isa>, quantise<Isa>},
                {}};
    (fill<Isa, kSupport[I].metric, kSupport[I].scalar>(table), ...);
    return table;
}

template <class Isa>
constexpr Table make_table(const char* name) {
    return make_table<Isa>(name, std::make_index_sequence<sizeof kSupport / sizeof kSupport[0]>());
}

}  // namespace kith::kernel
