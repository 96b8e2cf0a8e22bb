#include "keyed/store.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/finite.hpp"
#include "base/format.hpp"
#include "base/parallel.hpp"

namespace kith::keyed {
namespace {

// Rows handed to a thread at a time.
constexpr std::size_t kGrain = 4096;

double sum_of_squares(std::span<const float> row) noexcept {
    double sums[4] = {0, 0, 0, 0};
    std::size_t i = 0;
    for (; i + 4 <= row.size(); i += 4) {
        for (std::size_t lane = 0; lane < 4; ++lane) {
            sums[lane] += static_cast<double>(row[i + lane]) * row[i + lane];
        }
    }
    for (; i < row.size(); ++i) sums[0] += static_cast<double>(row[i]) * row[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

KeyedVectors wrap(KeyTable keys, storage::Region vectors, std::size_t dim, std::size_t stride,
                  storage::Region counts, storage::Region norms) {
    auto store = std::make_shared<Store>();
    store->rows = keys.size();
    store->keys = std::move(keys);
    store->dim = dim;
    store->stride = stride;
    store->vectors = std::move(vectors);
    store->norms = std::move(norms);
    store->counts = std::move(counts);
    return Store::wrap(std::move(store));
}

}  // namespace

void write_norms(MatrixView<const float> rows, std::size_t first_row, std::span<float> norms) {
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const double norm = std::sqrt(sum_of_squares(rows.row(i)));
        if (norm > std::numeric_limits<float>::max()) {
            throw InvalidArgument(
                formatted("row {} has length {:g}, which no float32 can hold", first_row + i, norm));
        }
        norms[i] = static_cast<float>(norm);
    }
}

storage::Region norms_of(MatrixView<const float> rows, std::size_t threads) {
    storage::Buffer buffer(rows.rows() * sizeof(float));
    parallel_ranges(rows.rows(), kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        write_norms(rows.slice(first, last - first), first, buffer.as<float>().subspan(first));
    });
    return std::move(buffer).freeze();
}

void check_finite(MatrixView<const float> rows, std::size_t threads) {
    parallel_ranges(rows.rows(), kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        for (std::size_t i = first; i < last; ++i) {
            const std::span<const float> row = rows.row(i);
            const std::size_t j = first_not_finite(row);
            if (j == row.size()) continue;
            throw InvalidArgument(formatted("row {}, column {} is {}; every number must be finite", i, j, row[j]));
        }
    });
}

KeyedVectors make_keyed_vectors(KeyTable keys, storage::Region vectors, std::size_t dim, storage::Region counts,
                                std::size_t threads) {
    return make_keyed_vectors(std::move(keys), std::move(vectors), dim, dim, std::move(counts), threads);
}

KeyedVectors make_keyed_vectors(KeyTable keys, storage::Region vectors, std::size_t dim, std::size_t stride,
                                storage::Region counts, std::size_t threads) {
    storage::Region norms = norms_of({vectors.as<float>().data(), keys.size(), dim, stride}, threads);
    return wrap(std::move(keys), std::move(vectors), dim, stride, std::move(counts), std::move(norms));
}

KeyedVectors make_keyed_vectors(KeyTable keys, storage::Region vectors, std::size_t dim, storage::Region counts,
                                storage::Region norms) {
    return wrap(std::move(keys), std::move(vectors), dim, dim, std::move(counts), std::move(norms));
}

KeyTable number_keys(std::size_t rows) {
    KeyList keys;
    for (std::size_t row = 0; row < rows; ++row) {
        std::array<char, std::numeric_limits<std::size_t>::digits10 + 1> digits;
        const char* const end = std::to_chars(digits.begin(), digits.end(), row).ptr;
        keys.push_back({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }
    KeyTableBuilder builder;
    builder.add_all({&keys, 1});
    return builder.finish();
}

}  // namespace kith::keyed
