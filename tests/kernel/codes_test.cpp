#include "kernel/codes.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/each_set.hpp"
#include "kernel/short_row_kernel.hpp"

namespace kith::kernel {
namespace {

// Codes of rows, packed as the kernels want them, and what they were packed from.
struct Packed {
    std::size_t tables;
    std::vector<std::vector<std::uint8_t>> codes;  // [row][table]
    std::vector<std::uint8_t> blocks;
    std::vector<std::uint32_t> rows;
};

Packed random_codes(std::size_t count, std::size_t tables, std::mt19937& random) {
    Packed packed{tables, {}, {}, {}};
    packed.blocks.resize((count + kBlockRows - 1) / kBlockRows * tables * 16);
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<std::uint8_t> row(tables);
        for (std::size_t t = 0; t < tables; ++t) {
            row[t] = static_cast<std::uint8_t>(random() % 16);
            const std::size_t j = i % kBlockRows;
            packed.blocks[(i / kBlockRows * tables + t) * 16 + j % 16] |=
                static_cast<std::uint8_t>(row[t] << (j < 16 ? 0 : 4));
        }
        packed.codes.push_back(row);
        packed.rows.push_back(static_cast<std::uint32_t>(random()));
    }
    return packed;
}

std::vector<std::uint64_t> expected(const Packed& packed, const std::vector<std::uint8_t>& lookup,
                                    unsigned threshold) {
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i < packed.codes.size(); ++i) {
        std::uint64_t score = 0;
        for (std::size_t t = 0; t < packed.tables; ++t) score += lookup[t * 16 + packed.codes[i][t]];
        if (score < threshold) out.push_back(score << 32 | packed.rows[i]);
    }
    return out;
}

// The rows that `select` finds for one query.
std::vector<std::uint64_t> selected(const Table& table, const Packed& packed,
                                    const std::vector<std::uint8_t>& lookup, std::uint16_t threshold) {
    std::vector<std::uint64_t> out(packed.rows.size() + kSpareScored);
    CodeQuery query{lookup.data(), out.data(), threshold};
    table.codes.select(&query, 1, packed.blocks.data(), packed.rows.data(), packed.rows.size(), packed.tables);
    out.resize(static_cast<std::size_t>(query.out - out.data()));
    return out;
}

std::vector<std::uint8_t> random_lookup(std::size_t tables, std::mt19937& random) {
    std::vector<std::uint8_t> lookup(tables * 16);
    for (auto& byte : lookup) byte = static_cast<std::uint8_t>(random());
    return lookup;
}

TEST_P(CodesTest, SelectGivesTheRowsWhoseSummedBytesAreBelowTheThreshold) {
    std::mt19937 random(1);
    for (const std::size_t tables : {4, 8, 52, 196, 256}) {
        for (const std::size_t count : {1, 31, 32, 33, 64, 500}) {
            const Packed packed = random_codes(count, tables, random);
            const auto lookup = random_lookup(tables, random);
            const auto middle = static_cast<std::uint16_t>(tables * 127);
            for (const std::uint16_t threshold : {std::uint16_t{0}, middle, std::uint16_t{65535}}) {
                ASSERT_EQ(selected(table(), packed, lookup, threshold), expected(packed, lookup, threshold))
                    << tables << " " << count << " " << threshold;
            }
        }
    }
}

TEST_P(CodesTest, SelectGivesEachOfManyQueriesItsOwnRows) {
    std::mt19937 random(4);
    const std::size_t tables = 20;
    const Packed packed = random_codes(200, tables, random);
    for (std::size_t n = 0; n <= 11; ++n) {
        std::vector<std::vector<std::uint8_t>> lookups;
        std::vector<std::vector<std::uint64_t>> outs(n, std::vector<std::uint64_t>(200 + kSpareScored));
        std::vector<CodeQuery> queries;
        for (std::size_t q = 0; q < n; ++q) {
            lookups.push_back(random_lookup(tables, random));
            queries.push_back({lookups[q].data(), outs[q].data(), static_cast<std::uint16_t>(2000 + 100 * q)});
        }
        table().codes.select(queries.data(), n, packed.blocks.data(), packed.rows.data(), 200, tables);
        for (std::size_t q = 0; q < n; ++q) {
            outs[q].resize(static_cast<std::size_t>(queries[q].out - outs[q].data()));
            ASSERT_EQ(outs[q], expected(packed, lookups[q], queries[q].threshold)) << q << " of " << n;
        }
    }
}

TEST_P(CodesTest, TheLargestSumDoesNotWrap) {
    std::mt19937 random(2);
    const Packed packed = random_codes(32, 256, random);
    const auto out = selected(table(), packed, std::vector<std::uint8_t>(256 * 16, 255), 65535);
    ASSERT_EQ(out.size(), 32u);
    EXPECT_EQ(out[31] >> 32, 256u * 255u);
}

TEST_P(CodesTest, KeepBestKeepsTheWantedAndFewMoreInTheirOrder) {
    std::mt19937 random(5);
    for (const std::uint32_t spread : {1U, 3U, 40U, 1000U, 65536U}) {
        for (const std::size_t count : {1, 2, 7, 8, 9, 100, 333}) {
            std::vector<std::uint64_t> scored;
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint64_t score = spread == 65536U && i < 2 ? 65535U : random() % spread;
                scored.push_back(score << 32 | random());
            }
            for (const std::size_t wanted : {std::size_t{1}, (count + 1) / 2, count}) {
                auto mine = scored;
                std::uint16_t last = 0;
                mine.resize(table().codes.keep_best(mine.data(), count, wanted, &last));
                std::vector<std::uint64_t> up_to_last;
                std::ranges::copy_if(scored, std::back_inserter(up_to_last),
                                     [&](auto x) { return x >> 32 <= last; });
                ASSERT_EQ(mine, up_to_last) << spread << " " << count << " " << wanted;
                ASSERT_GE(mine.size(), wanted);
                const auto below = std::ranges::count_if(mine, [&](auto x) { return x >> 32 < last; });
                EXPECT_TRUE(mine.size() <= wanted + wanted / 4 || static_cast<std::size_t>(below) < wanted)
                    << "more are kept only where a lower score would keep too few";
            }
        }
    }
}

double term(Sum sum, double x, double y) {
    if (sum == Sum::kProduct) return x * y;
    return sum == Sum::kSquaredDifference ? (x - y) * (x - y) : std::abs(x - y);
}

TEST_P(CodesTest, CentresAreSummedAsInDoublePrecision) {
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    for (const std::size_t dim : {1, 2, 50, 131}) {
        for (const std::size_t n_rows : {1, 4, 7}) {
            for (const std::size_t n_blocks : {1, 4, 6}) {
                const std::size_t stride = dim + 3;
                std::vector<float> rows(n_rows * stride);
                std::vector<float> blocks(n_blocks * dim * kBlockCentres);
                for (float& x : rows) x = normal(random);
                for (float& x : blocks) x = normal(random);
                for (const Sum sum : {Sum::kProduct, Sum::kSquaredDifference, Sum::kAbsoluteDifference}) {
                    std::vector<float> out(n_rows * n_blocks * kBlockCentres);
                    table().codes.centres[static_cast<std::size_t>(sum)](rows.data(), n_rows, stride, blocks.data(),
                                                                         n_blocks, dim, out.data());
                    for (std::size_t i = 0; i < out.size(); ++i) {
                        const std::size_t r = i / (n_blocks * kBlockCentres);
                        const std::size_t c = i % (n_blocks * kBlockCentres);
                        double want = 0;
                        double magnitude = 0;
                        for (std::size_t d = 0; d < dim; ++d) {
                            const float centre =
                                blocks[(c / kBlockCentres * dim + d) * kBlockCentres + c % kBlockCentres];
                            const double t = term(sum, rows[r * stride + d], centre);
                            want += t;
                            magnitude += std::abs(t);
                        }
                        ASSERT_NEAR(out[i], want, 1e-6 * static_cast<double>(dim + 4) * magnitude);
                    }
                }
            }
        }
    }
}

TEST_P(CodesTest, CodewordsAreSummedRunByRun) {
    std::mt19937 random(4);
    std::normal_distribution<float> normal;
    for (const std::size_t dim : {1, 7, 50}) {
        for (const std::size_t width : {1, 2, 4}) {
            const std::size_t tables = (dim + width - 1) / width;
            std::vector<float> query(dim);
            std::vector<float> codewords(tables * width * 16);
            for (float& x : query) x = normal(random);
            for (float& x : codewords) x = normal(random);
            std::vector<float> out(tables * 16);
            table().codes.codewords[1](query.data(), dim, width, codewords.data(), out.data());
            for (std::size_t t = 0; t < tables; ++t) {
                for (std::size_t c = 0; c < 16; ++c) {
                    double want = 0;
                    for (std::size_t d = 0; d < width && t * width + d < dim; ++d) {
                        want += term(Sum::kSquaredDifference, query[t * width + d],
                                     codewords[(t * width + d) * 16 + c]);
                    }
                    ASSERT_NEAR(out[t * 16 + c], want, 1e-5 * (1 + want));
                }
            }
        }
    }
}

TEST_P(CodesTest, ShortRowsAreSummedExactlyAndTheirAddendsAdded) {
    std::mt19937 random(6);
    for (const std::size_t stride : {64, 128, 192, 832}) {
        constexpr std::size_t kRows = 23;
        std::vector<std::uint8_t> rows(kRows * stride);
        for (auto& byte : rows) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? 255 : random());
        std::vector<float> addends;
        for (std::size_t r = 0; r < kRows; ++r) {
            addends.push_back(static_cast<float>(r) * 1.25F - 7);
            std::memcpy(rows.data() + (r + 1) * stride - sizeof(float), &addends.back(), sizeof(float));
        }
        std::vector<std::int8_t> query(stride);
        for (std::size_t d = 0; d + sizeof(float) < stride; ++d) {
            query[d] = static_cast<std::int8_t>(random() % 3 == 0 ? -128 : static_cast<int>(random() % 256) - 128);
        }
        for (std::size_t count = 0; count <= 9; ++count) {
            std::vector<std::uint32_t> wanted;
            for (std::size_t i = 0; i < count; ++i) wanted.push_back(static_cast<std::uint32_t>(random() % kRows));
            std::vector<float> out(count + 1, -1);
            short_row_kernel(table())(query.data(), rows.data(), stride, wanted.data(), count, 0.5F, out.data());
            for (std::size_t i = 0; i < count; ++i) {
                int sum = 0;
                for (std::size_t d = 0; d < stride; ++d) sum += query[d] * rows[wanted[i] * stride + d];
                ASSERT_EQ(out[i], addends[wanted[i]] + 0.5F * static_cast<float>(sum)) << stride << " " << count;
            }
            ASSERT_EQ(out[count], -1);
        }
    }
}

TEST_P(CodesTest, LevelTakesTheLeastFromEachCodesSums) {
    std::mt19937 random(3);
    std::normal_distribution<float> normal(0, 100);
    for (const std::size_t codes : {1, 2, 7, 196}) {
        std::vector<float> sums(codes * 16);
        for (float& sum : sums) sum = normal(random);
        std::vector<float> levelled = sums;
        const SumRange range = table().codes.level(levelled.data(), codes);
        float largest = 0;
        double total = 0;
        for (std::size_t t = 0; t < codes; ++t) {
            const auto [low, high] = std::minmax_element(sums.begin() + t * 16, sums.begin() + (t + 1) * 16);
            for (std::size_t c = 0; c < 16; ++c) ASSERT_EQ(levelled[t * 16 + c], sums[t * 16 + c] - *low);
            largest = std::max(largest, *high - *low);
            total += *high - *low;
        }
        EXPECT_EQ(range.largest, largest);
        EXPECT_NEAR(range.total, total, 1e-4 * total);
    }
}

TEST_P(CodesTest, BytesAreRoundedAndHeldWithinTheirRange) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    std::vector<float> x = {nan, infinity, -infinity, -1e30F, 1e30F, 3.0F, 3.4F, 3.6F, 130.5F, 131.0F};
    while (x.size() < 40) x.push_back(static_cast<float>(x.size()) * 7.3F - 50);
    for (std::size_t n = 0; n <= x.size(); ++n) {
        std::vector<std::uint8_t> out(x.size(), 7);
        table().codes.to_bytes(x.data(), n, 3, 2, out.data());
        for (std::size_t i = 0; i < x.size(); ++i) {
            const float y = (x[i] - 3) * 2;
            const double expected = i >= n ? 7 : std::isnan(y) ? 0 : std::floor(std::clamp(y, 0.0F, 255.0F) + 0.5F);
            ASSERT_EQ(out[i], expected) << x[i] << " of " << n;
        }
    }
}

}  // namespace
}  // namespace kith::kernel
