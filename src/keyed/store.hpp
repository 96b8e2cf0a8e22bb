// What a KeyedVectors is a handle to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>

#include "kernel/nibble_store.hpp"
#include "keyed/key_table.hpp"
#include "storage/region.hpp"

namespace kith::keyed {

// Invariants: keys.size() == rows; vectors holds rows of dim floats, `stride` floats from one to the next; norms
// rows floats; counts is empty or holds rows u64. For data that came from memory or a parser all numbers are finite; a mapped file may hold anything.
class Store {
public:
    KeyTable keys;
    std::size_t rows = 0;
    std::size_t dim = 0;
    std::size_t stride = 0;
    storage::Region vectors;
    storage::Region norms;
    storage::Region counts;
    std::string notes;
    storage::Region coded;  // what a file holds of `codes`
    std::unique_ptr<const kernel::NibbleStore> codes = std::make_unique<const kernel::NibbleStore>();

    [[nodiscard]] MatrixView<const float> matrix() const noexcept {
        return {vectors.as<float>().data(), rows, dim, stride};
    }
    [[nodiscard]] std::span<const float> row(std::size_t i) const noexcept {
        return vectors.as<float>().subspan(i * stride, dim);
    }

    [[nodiscard]] static const Store& of(const KeyedVectors& vectors) noexcept { return *vectors.store_; }
    [[nodiscard]] static KeyedVectors wrap(std::shared_ptr<const Store> store) noexcept {
        return KeyedVectors(std::move(store));
    }
};

// Euclidean length of every row, with the sum in double, to `norms`. Throws InvalidArgument for one beyond float32,
// calling the first row `first_row`.
void write_norms(MatrixView<const float> rows, std::size_t first_row, std::span<float> norms);

// As write_norms. The result does not depend on `threads`.
[[nodiscard]] storage::Region norms_of(MatrixView<const float> rows, std::size_t threads);

// Throws InvalidArgument naming row and column of the first NaN or infinity.
void check_finite(MatrixView<const float> rows, std::size_t threads);

// A store over what is given, norms computed; rows follow each other unless a stride is given. REQUIRES: the sizes
// agree and all numbers are finite.
[[nodiscard]] KeyedVectors make_keyed_vectors(KeyTable keys, storage::Region vectors, std::size_t dim,
                                              storage::Region counts, std::size_t threads);
[[nodiscard]] KeyedVectors make_keyed_vectors(KeyTable keys, storage::Region vectors, std::size_t dim,
                                              std::size_t stride, storage::Region counts, std::size_t threads);

// The same with norms that are known.
[[nodiscard]] KeyedVectors make_keyed_vectors(KeyTable keys, storage::Region vectors, std::size_t dim,
                                              storage::Region counts, storage::Region norms);

// The keys "0", "1", …, for rows without names.
[[nodiscard]] KeyTable number_keys(std::size_t rows);

}  // namespace kith::keyed
