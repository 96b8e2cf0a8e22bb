// 4-bit codes: 16 codewords for each run of a few elements (product quantisation, Jégou et al. 2011).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/coded/byte_rows.hpp"
#include "index/row_store.hpp"

namespace kith::index {

struct Codebook {
    std::size_t dim = 0;
    std::size_t width = 0;         // elements to a code; the last code may have fewer
    std::size_t tables = 0;        // codes to a row, rounded up to a multiple of 4
    std::vector<float> codewords;  // [code][element][16]

    [[nodiscard]] std::size_t codes() const noexcept { return (dim + width - 1) / width; }
};

// Elements to a code that the measurements in docs/kernels.md favour.
[[nodiscard]] std::size_t default_code_width(Metric metric, std::size_t dim,
                                             ByteRows byte_rows = ByteRows::kNone) noexcept;

// Codewords by Lloyd's iterations over a sample of the prepared rows; for kHamming the 16 values of four bits, so
// that codes are exact. A function of rows, width and seed. REQUIRES: rows.count() > 0, width > 0.
[[nodiscard]] Codebook make_codebook(const RowStore& rows, std::size_t width, std::uint64_t seed,
                                     std::size_t threads);

// The nearest codeword of each code of a prepared row, `codebook.codes()` bytes. `sums` is scratch of 16 floats a
// code.
void encode(const Codebook& codebook, Metric metric, std::span<const float> row, std::span<float> sums,
            std::uint8_t* out);

}  // namespace kith::index
