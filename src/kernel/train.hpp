// The training loops, once for every instruction set. Included by isa_*.cpp only; lanes are described in
// reduce.hpp.
#pragma once

#include <cstddef>

#include "kernel/train_types.hpp"

namespace kith::kernel {

// Target rows that are updated together: each takes two registers, and 2 * 6 + 4 fit into sixteen.
constexpr std::size_t kTrainTile = 6;

// Target rows whose products with four inputs are summed together: one register for each product.
template <class L>
constexpr std::size_t kDotTile = L::kWidth >= 16 ? kTrainTile : 2;

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

// out[j * kTrainInputs + i] = inputs[i] . targets[j] for I inputs, at most 4, and J targets.
template <class L, std::size_t I, std::size_t J>
inline void dot_tile(const float* const* inputs, float* const* targets, std::size_t dim, float* out) {
    typename L::Acc sums[I][J];
    for (std::size_t i = 0; i < I; ++i) {
        for (std::size_t j = 0; j < J; ++j) sums[i][j] = L::zero();
    }
    for (std::size_t d = 0; d < dim; d += L::kWidth) {
        typename L::Vec x[I];
        for (std::size_t i = 0; i < I; ++i) x[i] = L::load(inputs[i] + d);
        for (std::size_t j = 0; j < J; ++j) {
            const typename L::Vec y = L::load(targets[j] + d);
            for (std::size_t i = 0; i < I; ++i) sums[i][j] = L::mul_add(x[i], y, sums[i][j]);
        }
    }
    for (std::size_t j = 0; j < J; ++j) {
        if constexpr (I == 1) {
            out[j * kTrainInputs] = L::sum(sums[0][j]);
        } else {
            L::sum4(sums[0][j], sums[1][j], I > 2 ? sums[I > 2 ? 2 : 0][j] : L::zero(),
                    I > 3 ? sums[I > 3 ? 3 : 0][j] : L::zero(), out + j * kTrainInputs);
        }
    }
}

template <class L, std::size_t J>
inline void dot_tiles(const TrainStep& step, std::size_t first_target) {
    float* const* const targets = step.targets + first_target;
    float* const out = step.gradients + first_target * kTrainInputs;
    std::size_t i = 0;
    for (; i + 4 <= step.input_count; i += 4) dot_tile<L, 4, J>(step.inputs + i, targets, step.dim, out + i);
    switch (step.input_count - i) {
        case 3: dot_tile<L, 3, J>(step.inputs + i, targets, step.dim, out + i); break;
        case 2: dot_tile<L, 2, J>(step.inputs + i, targets, step.dim, out + i); break;
        case 1: dot_tile<L, 1, J>(step.inputs + i, targets, step.dim, out + i); break;
        default: break;
    }
}

// From dot products to g, in place.
template <class L>
inline void to_gradients(const TrainStep& step) {
    for (std::size_t j = 0; j < step.target_count; ++j) {
        float* const row = step.gradients + j * kTrainInputs;
        const typename L::Vec label = L::broadcast(step.labels[j]);
        const typename L::Vec rate = L::broadcast(step.rates[j]);
        for (std::size_t i = 0; i < step.input_count; i += L::kWidth) {
            L::store(row + i, L::mul(rate, L::sub(label, sigmoid<L>(L::load(row + i)))));
        }
    }
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

// The same when inputs learn in turn. With G = X X' for the inputs X, an input's product with a target that those before it
// have moved is x_i . t_j + sum_{k<i} G[i][k] g[k][j]; and of what it then learns from that target, the part that lies along
// x_k is H[i][k] = sum_j g[i][j] g[k][j], which takes the place of G. Targets lie side by side, so that all are done at once.
template <class L>
inline float* to_gradients_in_turn(const TrainStep& step) {
    using V = typename L::Vec;
    const std::size_t width = turns_width(step.target_count);
    float* const g = step.turns;
    float* const labels = g + kTrainInputs * width;
    float* const rates = labels + width;
    float* const products = rates + width;
    TrainStep among = step;
    among.targets = const_cast<float* const*>(step.inputs);
    among.gradients = products;
    for_tiles<kDotTile<L>>(
        step.input_count, [&](std::size_t first, auto size) { dot_tiles<L, decltype(size)::value>(among, first); });
    for (std::size_t j = 0; j < width; ++j) {
        const bool there = j < step.target_count;
        labels[j] = there ? step.labels[j] : 0.0F;
        rates[j] = there ? step.rates[j] : 0.0F;
        for (std::size_t i = 0; i < step.input_count; ++i) {
            g[i * width + j] = there ? step.gradients[j * kTrainInputs + i] : 0.0F;
        }
    }
    for (std::size_t i = 0; i < step.input_count; ++i) {
        float* const row = g + i * width;
        for (std::size_t j = 0; j < width; j += L::kWidth) {
            V dot = L::load(row + j);
            for (std::size_t k = 0; k < i; ++k) {
                dot = L::mul_add(L::broadcast(products[i * kTrainInputs + k]), L::load(g + k * width + j), dot);
            }
            L::store(row + j, L::mul(L::load(rates + j), L::sub(L::load(labels + j), sigmoid<L>(dot))));
        }
        for (std::size_t k = 0; k < i; ++k) {
            typename L::Acc sum = L::zero();
            for (std::size_t j = 0; j < width; j += L::kWidth) {
                sum = L::mul_add(L::load(row + j), L::load(g + k * width + j), sum);
            }
            products[i * kTrainInputs + k] = L::sum(sum);
        }
        for (std::size_t j = 0; j < step.target_count; ++j) step.gradients[j * kTrainInputs + i] = row[j];
    }
    return products;
}

// What inputs that learn in turn take from targets because of those before them.
template <class L>
inline void update_in_turn(const TrainStep& step, const float* const* inputs, const float* products) {
    for (std::size_t d = 0; d < step.dim; d += L::kWidth) {
        for (std::size_t i = 1; i < step.input_count; ++i) {
            typename L::Vec update = L::load(step.updates[i] + d);
            for (std::size_t k = 0; k < i; ++k) {
                update = L::mul_add(L::broadcast(products[i * kTrainInputs + k]), L::load(inputs[k] + d), update);
            }
            L::store(step.updates[i] + d, update);
        }
    }
}

template <class L, std::size_t J>
inline void update_tile(const TrainStep& step, const float* const* inputs, std::size_t first_target) {
    using V = typename L::Vec;
    float* const* const targets = step.targets + first_target;
    const float* const gradients = step.gradients + first_target * kTrainInputs;
    for (std::size_t d = 0; d < step.dim; d += L::kWidth) {
        V target[J];
        V moved[J];
        for (std::size_t j = 0; j < J; ++j) moved[j] = target[j] = L::load(targets[j] + d);
        for (std::size_t i = 0; i < step.input_count; ++i) {
            const V input = L::load(inputs[i] + d);
            V update = L::load(step.updates[i] + d);
            for (std::size_t j = 0; j < J; ++j) {
                const V g = L::broadcast(gradients[j * kTrainInputs + i]);
                update = L::mul_add(g, target[j], update);
                moved[j] = L::mul_add(g, input, moved[j]);
            }
            L::store(step.updates[i] + d, update);
        }
        for (std::size_t j = 0; j < J; ++j) L::store(targets[j] + d, moved[j]);
    }
}

template <class Isa>
void train_step(const TrainStep& step) {
    using L = typename Isa::Floats;
    for_tiles<kDotTile<L>>(step.target_count,
                           [&](std::size_t first, auto size) { dot_tiles<L, decltype(size)::value>(step, first); });
    const bool in_turn = step.turns != nullptr && step.input_count > 1;
    const float* products = nullptr;
    if (in_turn) {
        products = to_gradients_in_turn<L>(step);
    } else {
        to_gradients<L>(step);
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
        update_tile<L, decltype(size)::value>(step, inputs, first);
    });
    if (in_turn) update_in_turn<L>(step, inputs, products);
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
