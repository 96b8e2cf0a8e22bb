// The training loops, once for every instruction set. Included by isa_*.cpp only; lanes are described in
// reduce.hpp.
#pragma once

#include <cstddef>

#include "kernel/train_types.hpp"

namespace kith::kernel {

// Target rows that are updated together: each takes two registers, and 2 * 6 + 4 fit into sixteen. As many are added to a row at a
// time, their factors in registers.
constexpr std::size_t kTrainTile = 6;

// Inputs whose products are summed together, and targets whose products with I of them are: one register for each product.
template <class L>
constexpr std::size_t kInputTile = L::kWidth >= 16 ? 4 : 3;
template <class L, std::size_t I>
constexpr std::size_t kDotTile = L::kWidth >= 16 || I <= 2 ? kTrainTile : 4;

// tanh by its continued fraction (Lambert), cut after nine levels: exact to 6e-7 up to 5.
template <class L>
inline typename L::Vec sigmoid(typename L::Vec x) {
    using V = typename L::Vec;
    const V limit = L::broadcast(5.0F);
    const V low = L::broadcast(-5.0F);
    const V half = L::broadcast(0.5F);
    V y = L::mul(x, half);
    y = y > limit ? limit : y;
    y = y < low ? low : y;
    const V s = L::mul(y, y);
    V p = L::add(s, L::broadcast(990.0F));
    p = L::mul_add(p, s, L::broadcast(135135.0F));
    p = L::mul_add(p, s, L::broadcast(4729725.0F));
    p = L::mul_add(p, s, L::broadcast(34459425.0F));
    V q = L::mul_add(L::broadcast(45.0F), s, L::broadcast(13860.0F));
    q = L::mul_add(q, s, L::broadcast(945945.0F));
    q = L::mul_add(q, s, L::broadcast(16216200.0F));
    q = L::mul_add(q, s, L::broadcast(34459425.0F));
    return L::mul_add(L::mul(y, p) / q, half, half);
}

// Sums J registers into as many floats.
template <class L, std::size_t J>
inline void sum_into(const typename L::Acc* sums, float* out) {
    std::size_t j = 0;
    for (; j + 4 <= J; j += 4) L::sum4(sums[j], sums[j + 1], sums[j + 2], sums[j + 3], out + j);
    if constexpr (J % 4 == 1) {
        out[j] = L::sum(sums[j]);
    } else if constexpr (J % 4 != 0) {
        float few[4];
        L::sum4(sums[j], sums[j + 1], J % 4 > 2 ? sums[J - 1] : L::zero(), L::zero(), few);
        __builtin_memcpy(out + j, few, J % 4 * sizeof(float));
    }
}

// Sets that can keep the compiler from reading a target again for every input: more loads than fit beside the multiplications.
template <class L>
concept HoldsInRegister = requires(typename L::Vec x) {
    L::in_register(x);
};

// The products of I inputs and J targets, a register each that is still to be summed.
template <class L, std::size_t I, std::size_t J>
inline void multiply_tile(const float* const* inputs, float* const* targets, std::size_t dim,
                          typename L::Acc (&sums)[I][J]) {
    for (std::size_t i = 0; i < I; ++i) {
        for (std::size_t j = 0; j < J; ++j) sums[i][j] = L::zero();
    }
    for (std::size_t d = 0; d < dim; d += L::kWidth) {
        typename L::Vec x[I];
        for (std::size_t i = 0; i < I; ++i) x[i] = L::load(inputs[i] + d);
        for (std::size_t j = 0; j < J; ++j) {
            typename L::Vec y = L::load(targets[j] + d);
            if constexpr (HoldsInRegister<L>) y = L::in_register(y);
            for (std::size_t i = 0; i < I; ++i) sums[i][j] = L::mul_add(x[i], y, sums[i][j]);
        }
    }
}

// out[i * stride + j] = inputs[i] . targets[j] for I inputs and J targets.
template <class L, std::size_t I, std::size_t J>
inline void dot_tile(const float* const* inputs, float* const* targets, std::size_t dim, float* out,
                     std::size_t stride) {
    typename L::Acc sums[I][J];
    multiply_tile<L>(inputs, targets, dim, sums);
    for (std::size_t i = 0; i < I; ++i) sum_into<L, J>(sums[i], out + i * stride);
}

// Calls body with the first target and the number of targets, a constant from 1 to Tile, of each tile.
template <std::size_t N>
struct TileSize {
    static constexpr std::size_t value = N;
};
template <std::size_t Tile, class Body>
inline void for_tiles(std::size_t count, Body body) {
    std::size_t j = 0;
    for (; j + Tile <= count; j += Tile) body(j, TileSize<Tile>());
    switch (count - j) {
        // Alike only where the tile is the smallest. NOLINTNEXTLINE(bugprone-branch-clone)
        case 5: body(j, TileSize < Tile < 5 ? Tile : 5 > ()); break;
        case 4: body(j, TileSize < Tile < 4 ? Tile : 4 > ()); break;
        case 3: body(j, TileSize < Tile < 3 ? Tile : 3 > ()); break;
        case 2: body(j, TileSize < Tile < 2 ? Tile : 2 > ()); break;
        case 1: body(j, TileSize<1>()); break;
        default: break;
    }
}

// All products of inputs and targets, where the gradients will be; zeros up to the stride.
template <class L>
inline void dots(const TrainStep& step) {
    const std::size_t stride = gradient_stride(step.target_count);
    for (std::size_t d = 0; d < step.input_count * stride; d += L::kWidth) L::store(step.gradients + d, L::zero());
    const auto some = [&](std::size_t i, auto inputs) {
        constexpr std::size_t I = decltype(inputs)::value;
        for_tiles<kDotTile<L, I>>(step.target_count, [&](std::size_t first, auto targets) {
            dot_tile<L, I, decltype(targets)::value>(step.inputs + i, step.targets + first, step.dim,
                                                     step.gradients + i * stride + first, stride);
        });
    };
    for_tiles<kInputTile<L>>(step.input_count, some);
}

// From dot products to g, in place, for one input.
template <class L>
inline void to_gradients(const TrainStep& step, float* row) {
    for (std::size_t j = 0; j < step.target_count; j += L::kWidth) {
        const std::size_t left = step.target_count - j;
        const bool whole = left >= L::kWidth;
        const auto label = whole ? L::load(step.labels + j) : L::load_tail(step.labels + j, left, j);
        const auto rate = whole ? L::load(step.rates + j) : L::load_tail(step.rates + j, left, j);
        L::store(row + j, L::mul(rate, L::sub(label, sigmoid<L>(L::load(row + j)))));
    }
}

// The same for all inputs, which learn in turn. With G = X X' for the inputs X, an input's product with a target that those before it
// have moved is x_i . t_j + sum_{k<i} G[i][k] g[k][j]; and of what it then learns from that target, the part that lies along
// x_k is H[i][k] = sum_j g[i][j] g[k][j], which takes the place of G.
template <class L>
inline void to_gradients_in_turn(const TrainStep& step) {
    TrainStep among = step;
    among.targets = const_cast<float* const*>(step.inputs);
    among.target_count = step.input_count;
    among.gradients = step.turns;
    dots<L>(among);
    const std::size_t stride = gradient_stride(step.target_count);
    for (std::size_t i = 0; i < step.input_count; ++i) {
        float* const row = step.gradients + i * stride;
        float* const products = step.turns + i * kTrainInputs;
        for (std::size_t j = 0; j < stride; j += L::kWidth) {
            typename L::Vec dot = L::load(row + j);
            for (std::size_t k = 0; k < i; ++k) {
                dot = L::mul_add(L::broadcast(products[k]), L::load(step.gradients + k * stride + j), dot);
            }
            L::store(row + j, dot);
        }
        to_gradients<L>(step, row);
        for (std::size_t k = 0; k < i; ++k) {
            typename L::Acc sum = L::zero();
            for (std::size_t j = 0; j < stride; j += L::kWidth) {
                sum = L::mul_add(L::load(row + j), L::load(step.gradients + k * stride + j), sum);
            }
            products[k] = L::sum(sum);
        }
    }
}

// row += sum over b of factors[b] * others[b], for B others. Factors stay in registers, and addresses are copied: what the loop stores
// could change them, for all that the compiler knows.
template <class L, std::size_t B>
inline void add_products(float* row, const float* const* others, const float* factors, std::size_t dim) {
    using V = typename L::Vec;
    const float* from[B];
    V factor[B];
    for (std::size_t b = 0; b < B; ++b) {
        from[b] = others[b];
        factor[b] = L::broadcast(factors[b]);
    }
    for (std::size_t d = 0; d < dim; d += L::kWidth) {
        V sum = L::load(row + d);
        for (std::size_t b = 0; b < B; ++b) sum = L::mul_add(factor[b], L::load(from[b] + d), sum);
        L::store(row + d, sum);
    }
}

// What inputs that learn in turn take from targets because of those before them.
template <class L>
inline void update_in_turn(const TrainStep& step, const float* const* inputs) {
    for (std::size_t i = 1; i < step.input_count; ++i) {
        const float* const products = step.turns + i * kTrainInputs;
        for_tiles<kTrainTile>(i, [&](std::size_t first, auto size) {
            add_products<L, decltype(size)::value>(step.updates[i], inputs + first, products + first, step.dim);
        });
    }
}

// What a loop over I inputs and J targets reads besides the rows. Copied, because what the loop stores could change it,
// for all that the compiler knows.
template <std::size_t I, std::size_t J>
struct UpdateTile {
    const float* inputs[I];
    float* updates[I];
    float gradients[I][J];

    UpdateTile(const TrainStep& step, const float* const* rows, std::size_t first_target) {
        for (std::size_t i = 0; i < I; ++i) {
            inputs[i] = rows[i];
            updates[i] = step.updates[i];
            const float* const row = step.gradients + i * gradient_stride(step.target_count) + first_target;
            for (std::size_t j = 0; j < J; ++j) gradients[i][j] = row[j];
        }
    }
    [[nodiscard]] static constexpr std::size_t count() { return I; }
    [[nodiscard]] const float* gradient(std::size_t i) const { return gradients[i]; }
};

// The same for any number of inputs, which are too many to copy.
template <std::size_t J>
struct UpdateTile<0, J> {
    const float* const* inputs;
    float* const* updates;
    const float* gradients;
    std::size_t stride;
    std::size_t inputs_there;

    UpdateTile(const TrainStep& step, const float* const* rows, std::size_t first_target)
        : inputs(rows),
          updates(step.updates),
          gradients(step.gradients + first_target),
          stride(gradient_stride(step.target_count)),
          inputs_there(step.input_count) {}
    [[nodiscard]] std::size_t count() const { return inputs_there; }
    [[nodiscard]] const float* gradient(std::size_t i) const { return gradients + i * stride; }
};

template <class L, std::size_t I, std::size_t J>
inline void update_tile(const TrainStep& step, const float* const* inputs, std::size_t first_target) {
    using V = typename L::Vec;
    const UpdateTile<I, J> tile(step, inputs, first_target);
    float* targets[J];
    for (std::size_t j = 0; j < J; ++j) targets[j] = step.targets[first_target + j];
    const std::size_t dim = step.dim;
    for (std::size_t d = 0; d < dim; d += L::kWidth) {
        V target[J];
        V moved[J];
        for (std::size_t j = 0; j < J; ++j) moved[j] = target[j] = L::load(targets[j] + d);
        for (std::size_t i = 0; i < tile.count(); ++i) {
            const V input = L::load(tile.inputs[i] + d);
            V update = L::load(tile.updates[i] + d);
            for (std::size_t j = 0; j < J; ++j) {
                const V g = L::broadcast(tile.gradient(i)[j]);
                update = L::mul_add(g, target[j], update);
                moved[j] = L::mul_add(g, input, moved[j]);
            }
            L::store(tile.updates[i] + d, update);
        }
        for (std::size_t j = 0; j < J; ++j) L::store(targets[j] + d, moved[j]);
    }
}

// By as many inputs as the loop knows when it is compiled: CBOW's one, skip-gram's two, or any.
template <class L, std::size_t J>
inline void update_targets(const TrainStep& step, const float* const* inputs, std::size_t first_target) {
    switch (step.input_count) {
        case 1: return update_tile<L, 1, J>(step, inputs, first_target);
        case 2: return update_tile<L, 2, J>(step, inputs, first_target);
        default: return update_tile<L, 0, J>(step, inputs, first_target);
    }
}

// Sets whose registers hold a product with each target of a tile.
template <class L>
concept SumsSideBySide = requires(const typename L::Acc* x) {
    L::template sums<kTrainTile>(x);
};

// A step of I inputs and J targets whose products become gradients without a detour through memory, for which short rows would wait
// longer than for all else.
template <class L, std::size_t I, std::size_t J>
void small_step(const TrainStep& step) {
    typename L::Acc sums[I][J];
    multiply_tile<L>(step.inputs, step.targets, step.dim, sums);
    const auto label = L::load_tail(step.labels, J, 0);
    const auto rate = L::load_tail(step.rates, J, 0);
    for (std::size_t i = 0; i < I; ++i) {
        const auto probability = sigmoid<L>(L::template sums<J>(sums[i]));
        L::store(step.gradients + i * gradient_stride(J), L::mul(rate, L::sub(label, probability)));
    }
    update_tile<L, I, J>(step, step.inputs, 0);
}

template <class Isa>
void train_step(const TrainStep& step) {
    using L = typename Isa::Floats;
    const bool in_turn = step.turns != nullptr && step.input_count > 1;
    if constexpr (SumsSideBySide<L>) {
        if (!in_turn && step.input_count - 1 < 2 && step.target_count <= kTrainTile) {
            return for_tiles<kTrainTile>(step.target_count, [&](std::size_t, auto targets) {
                constexpr std::size_t J = decltype(targets)::value;
                return step.input_count == 2 ? small_step<L, 2, J>(step) : small_step<L, 1, J>(step);
            });
        }
    }
    dots<L>(step);
    if (in_turn) {
        to_gradients_in_turn<L>(step);
    } else {
        const std::size_t stride = gradient_stride(step.target_count);
        for (std::size_t i = 0; i < step.input_count; ++i) to_gradients<L>(step, step.gradients + i * stride);
    }

    // A second tile must still see the inputs as they were.
    const float* copies[kTrainInputs];
    const float* const* inputs = step.inputs;
    if ((step.target_count > kTrainTile || in_turn) && step.inputs[0] == step.updates[0]) {
        for (std::size_t i = 0; i < step.input_count; ++i) {
            float* const copy = step.copies + i * step.dim;
            for (std::size_t d = 0; d < step.dim; d += L::kWidth) L::store(copy + d, L::load(step.inputs[i] + d));
            copies[i] = copy;
        }
        inputs = copies;
    }
    for_tiles<kTrainTile>(step.target_count, [&](std::size_t first, auto size) {
        update_targets<L, decltype(size)::value>(step, inputs, first);
    });
    if (in_turn) update_in_turn<L>(step, inputs);
}

template <class Isa>
void train_sum_rows(const float* const* rows, std::size_t count, float factor, std::size_t dim, float* out) {
    using L = typename Isa::Floats;
    const typename L::Vec scale = L::broadcast(factor);
    for (std::size_t d = 0; d < dim; d += L::kWidth) {
        typename L::Vec sum = L::load(rows[0] + d);
        for (std::size_t i = 1; i < count; ++i) sum = L::add(sum, L::load(rows[i] + d));
        L::store(out + d, L::mul(sum, scale));
    }
}

template <class Isa>
void train_add_to_rows(const float* x, float factor, float* const* rows, std::size_t count, std::size_t dim) {
    using L = typename Isa::Floats;
    const typename L::Vec scale = L::broadcast(factor);
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t d = 0; d < dim; d += L::kWidth) {
            L::store(rows[i] + d, L::mul_add(scale, L::load(x + d), L::load(rows[i] + d)));
        }
    }
}

template <class Isa>
constexpr TrainKernels make_train_kernels() {
    return {train_step<Isa>, train_sum_rows<Isa>, train_add_to_rows<Isa>};
}

}  // namespace kith::kernel
