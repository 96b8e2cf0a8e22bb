// What every compressed index promises: it keeps a byte an element, answers about the rounded vectors, and knows the
// recall that this leaves.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <kith/flat.hpp>
#include <kith/index.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/open.hpp>

#include "index/recall.hpp"
#include "support/brute_force.hpp"
#include "support/bytes.hpp"
#include "support/idx_images.hpp"
#include "support/temp_dir.hpp"

namespace kith::test {

// Images whose elements are multiples of nothing.
inline Matrix uneven(Matrix images) {
    for (float& x : std::span(images.data(), images.rows() * images.cols())) x = std::sqrt(x / 255);
    return images;
}

// The vectors that an index gives back.
inline Matrix vectors_of(const Index& index) {
    Matrix rows(index.size(), index.dim());
    for (std::size_t i = 0; i < index.size(); ++i) index.get_vector(static_cast<Id>(i), rows.row(i));
    return rows;
}

// What rounding moves vectors by moves no distance by more.
inline float tolerance_of(Metric metric, float distance) {
    // Angular distances of nearly 0 are roots of what rounding leaves.
    return metric == Metric::kAngular ? 1e-3F : 1e-4F * (std::abs(distance) + 1);
}

inline void expect_near(Metric metric, const Neighbors& mine, const Neighbors& wanted) {
    ASSERT_EQ(mine.size(), wanted.size());
    for (std::size_t i = 0; i < mine.size(); ++i) {
        ASSERT_NEAR(mine.distances[i], wanted.distances[i], tolerance_of(metric, wanted.distances[i]));
    }
}

// `options` make the index find all; `rounded` are its vectors.
inline void expect_answers_about(const Index& index, const Matrix& rounded, MatrixView<const float> queries,
                                 const SearchOptions& options) {
    const Metric metric = index.metric();
    const FlatIndex exact = FlatIndex::view(rounded.view(), metric);
    const IdFilter odd = IdFilter::where([](Id id) { return id % 2 == 1; });
    SearchOptions filtered = options;
    filtered.filter = &odd;
    const NeighborTable batch = index.search_batch(queries, options, 2);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
        const Neighbors mine = index.search(queries.row(q), options);
        expect_near(metric, mine, exact.search(queries.row(q), options));
        ASSERT_TRUE(std::ranges::equal(batch.row_ids(q), mine.ids));
        ASSERT_TRUE(std::ranges::equal(batch.row_distances(q), mine.distances));
        expect_near(metric, index.search(queries.row(q), filtered), exact.search(queries.row(q), filtered));
        const float radius = mine.distances.back();
        ASSERT_EQ(index.range_search(queries.row(q), radius, options).ids, mine.ids);
        const float far = larger_is_nearer(metric) ? -1e30F : 1e30F;
        ASSERT_EQ(index.range_search(queries.row(q), far, {.k = kAll}).size(), index.size());
        const Id id = mine.ids.front();
        const Neighbors near = index.search_item(id, options);
        expect_near(metric, near, exact.search_item(id, options));
        if (metric != Metric::kDot) {
            ASSERT_EQ(near.ids.front(), id);
            ASSERT_EQ(near.distances.front(), 0);
        }
        SearchOptions others = options;
        others.exclude_self = true;
        const Neighbors without = index.search_item(id, others);
        ASSERT_EQ(std::ranges::count(without.ids, id), 0);
        const float between = index.distance(id, 1);
        ASSERT_NEAR(between, exact.distance(id, 1), tolerance_of(metric, between));
    }
}

// `index` was built of `rows`.
inline void expect_compressed(const Index& index, const Matrix& rows, const SearchOptions& options) {
    EXPECT_TRUE(index.scalar() == Scalar::kInt8 || index.scalar() == Scalar::kUint8);
    ASSERT_GT(index.step(), 0);
    const Matrix rounded = vectors_of(index);
    for (std::size_t i = 0; i < rows.rows() * rows.cols(); ++i) {
        ASSERT_LE(std::abs(rounded.data()[i] - rows.data()[i]), 0.50001F * index.step());
    }
    const Matrix queries = random_matrix(20, rows.cols(), 9);
    expect_answers_about(index, rounded, queries.view(), options);

    const TempDir folder;
    index.save(folder.file("small.kith"));
    EXPECT_TRUE(verify(folder.file("small.kith")).ok());
    EXPECT_EQ(inspect(folder.file("small.kith")).sections.front().size, rows.rows() * rows.cols());
    const auto opened = open_index(folder.file("small.kith"));
    EXPECT_EQ(opened->step(), index.step());
    EXPECT_TRUE(std::ranges::equal(std::span(vectors_of(*opened).data(), rows.rows() * rows.cols()),
                                   std::span(rounded.data(), rows.rows() * rows.cols())));
    expect_answers_about(*opened, rounded, queries.view(), options);
    opened->save(folder.file("again.kith"));
    EXPECT_EQ(read_bytes(folder.file("again.kith")), read_bytes(folder.file("small.kith")));
    const FlatIndex flat = FlatIndex::open(folder.file("small.kith"));
    expect_answers_about(flat, rounded, queries.view(), options);
    flat.save(folder.file("flat.kith"));
    expect_answers_about(*open_index(folder.file("flat.kith")), rounded, queries.view(), options);

    // Words and a compressed index in one file: its vectors are the only ones.
    std::vector<std::string> keys(rows.rows());
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = "w" + std::to_string(i);
    KeyedVectors(keys, rows.view()).save(folder.file("words.kith"), &index);
    const KeyedVectors words = KeyedVectors::open(folder.file("words.kith"));
    for (const std::size_t i : {std::size_t{0}, rows.rows() - 1}) {
        EXPECT_TRUE(std::ranges::equal(words.vector("w" + std::to_string(i)), rounded.row(i)));
    }
    expect_answers_about(*open_index(folder.file("words.kith")), rounded, queries.view(), options);
}

// Of uneven images in at most `share` of the bytes of float32, at the recall asked for, to a point. build(images, metric)
// gives an index.
template <class Build>
void expect_small_at_the_recall_asked_for(const std::string& images, double share, const Build& build) {
    const Matrix items = uneven(read_images(images, 0, 9000));
    const Matrix queries = uneven(read_images(images, 9000, 1000));
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean}) {
        const FlatIndex exact = FlatIndex::view(items.view(), metric);
        const auto index = build(items.view(), metric);
        const std::size_t bytes = 9000 * 784 + index.overhead_bytes();
        EXPECT_LT(static_cast<double>(bytes), share * 9000 * 784 * sizeof(float));
        for (const double wanted : {0.80, 0.90, 0.95}) {
            EXPECT_GT(recall(index, exact, queries.view(), {.k = 10, .recall = wanted}), wanted - 0.01) << wanted;
        }
    }
}

}  // namespace kith::test
