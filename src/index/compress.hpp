// Vectors rounded to 8 bits an element.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include <kith/types.hpp>

#include "storage/region.hpp"

namespace kith::index {

// Element d of row i stands for step(i) times its byte. One step does for all rows, or each has its own: where their
// lengths do not count, short ones need not be coarse.
struct CompressedRows {
    Scalar scalar = Scalar::kInt8;  // kUint8 where no element is negative
    float step = 0;                 // the largest
    storage::Region bytes;          // row by row
    storage::Region row_steps;      // f32 of each row, 0 where all of a row are; or empty
};

// Copies row i into the floats.
using RowGetter = std::function<void(std::size_t i, std::span<float> out)>;

// The same whatever the threads. REQUIRES: finite elements, count > 0.
[[nodiscard]] CompressedRows compress(const RowGetter& get, std::size_t count, std::size_t dim, bool step_for_each,
                                      std::size_t threads);

// Whether rows can be multiples of it.
[[nodiscard]] bool is_sound_step(float step) noexcept;

}  // namespace kith::index
