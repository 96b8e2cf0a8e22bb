// What every index promises over rows that fewer bytes than floats hold exactly: they take these, and nothing else is
// different.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <kith/distance.hpp>
#include <kith/flat.hpp>
#include <kith/index.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/open.hpp>

#include "support/brute_force.hpp"
#include "support/temp_dir.hpp"

namespace kith::test {

inline constexpr Scalar kNarrowScalars[] = {Scalar::kUint8, Scalar::kInt8, Scalar::kFloat16};

// Rows of whole numbers from 0 to 255 or -128 to 127, or of halves.
inline Matrix narrow_rows(Scalar scalar, std::size_t rows, std::size_t dim, unsigned seed) {
    Matrix matrix = random_matrix(rows, dim, seed);
    for (float& x : std::span(matrix.data(), rows * dim)) {
        const float byte = std::floor(std::clamp(128 + 60 * x, 0.0F, 255.0F));
        if (scalar == Scalar::kUint8) {
            x = byte;
        } else {
            x = scalar == Scalar::kInt8 ? byte - 128 : to_float(to_half(x));
        }
    }
    return matrix;
}

inline void expect_same_answers(const Index& index, const Index& exact, MatrixView<const float> queries,
                                const SearchOptions& options) {
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        const Neighbors mine = index.search(queries.row(q), options);
        const Neighbors wanted = exact.search(queries.row(q), options);
        ASSERT_EQ(mine.ids, wanted.ids);
        ASSERT_EQ(mine.distances, wanted.distances);
        const Id id = mine.ids.front();
        const Neighbors near = index.search_item(id, options);
        const Neighbors near_wanted = exact.search_item(id, options);
        ASSERT_EQ(near.ids, near_wanted.ids);
        ASSERT_EQ(near.distances, near_wanted.distances);
        const float radius = mine.distances.back();
        ASSERT_EQ(index.range_search(queries.row(q), radius, options).ids, mine.ids);
        // So many that all rows are compared.
        const float far = larger_is_nearer(index.metric()) ? -1e30F : 1e30F;
        ASSERT_EQ(index.range_search(queries.row(q), far, {.k = kAll}).ids,
                  exact.range_search(queries.row(q), far, {.k = kAll}).ids);
        ASSERT_EQ(index.distance(id, 1), exact.distance(id, 1));
        ASSERT_EQ(index.get_vector(id), exact.get_vector(id));
    }
}

// `index` holds `rows`; `options` make it find all.
inline void expect_narrow(const Index& index, Scalar scalar, const Matrix& rows, const SearchOptions& options) {
    const TempDir folder;
    const std::string path = folder.file("narrow.kith");
    const FlatIndex exact = FlatIndex::view(rows.view(), index.metric());
    // Queries that the rows' type does not hold, and some that it does.
    Matrix queries = random_matrix(20, rows.cols(), 9);
    for (float& x : std::span(queries.data(), 20 * rows.cols())) {
        if (scalar != Scalar::kFloat16) x = (scalar == Scalar::kUint8 ? 128.0F : 0.0F) + 60 * x;
    }
    for (std::size_t q = 0; q < 5; ++q) std::ranges::copy(rows.row(q), queries.row(q).begin());
    expect_same_answers(index, exact, queries.view(), options);

    index.save(path);
    const FileInfo file = inspect(path);
    EXPECT_EQ(file.scalar, scalar);
    EXPECT_EQ(file.sections.front().name, "vectors");
    EXPECT_EQ(file.sections.front().size, rows.rows() * row_bytes(scalar, rows.cols()));
    expect_same_answers(*open_index(path), exact, queries.view(), options);
    expect_same_answers(FlatIndex::open(path), exact, queries.view(), options);
    const KeyedVectors vectors = KeyedVectors::open(path);
    EXPECT_TRUE(std::ranges::equal(vectors.vectors().row(7), rows.row(7)));

    // Beside vectors in one file, the index uses those.
    KeyedVectors::open(path).save(folder.file("both.kith"), &index);
    EXPECT_EQ(inspect(folder.file("both.kith")).scalar, Scalar::kFloat32);
    expect_same_answers(*open_index(folder.file("both.kith")), exact, queries.view(), options);
}

}  // namespace kith::test
