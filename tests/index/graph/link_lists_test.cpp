#include "index/graph/link_lists.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "support/temp_dir.hpp"

namespace kith::index {
namespace {

std::vector<std::uint32_t> random_links(std::size_t count, std::size_t degree, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<std::uint32_t> links(count * degree);
    for (std::uint32_t& link : links) link = static_cast<std::uint32_t>(random() % count);
    return links;
}

std::vector<std::uint32_t> sorted_row(const std::vector<std::uint32_t>& links, std::size_t row,
                                      std::size_t degree) {
    const auto first = links.begin() + static_cast<std::ptrdiff_t>(row * degree);
    std::vector<std::uint32_t> out(first, first + static_cast<std::ptrdiff_t>(degree));
    std::ranges::sort(out);
    return out;
}

std::vector<std::uint32_t> row_of(const LinkLists& lists, std::size_t row) {
    std::vector<std::uint32_t> out;
    lists.for_each(row, [&](std::uint32_t link) { out.push_back(link); });
    return out;
}

void expect_same(const LinkLists& lists, const std::vector<std::uint32_t>& links, std::size_t count,
                 std::size_t degree) {
    for (std::size_t row = 0; row < count; ++row) {
        ASSERT_EQ(row_of(lists, row), sorted_row(links, row, degree))
            << row << " of " << count << ", degree " << degree;
    }
}

// Writes and reads a file that has nothing but links.
LinkLists written_and_read(const LinkLists& lists, std::size_t count, std::size_t degree) {
    const test::TempDir folder;
    storage::FileWriter writer(folder.file("a.kith"), {1, Metric::kEuclidean, Scalar::kFloat32, 1, count});
    lists.write(writer);
    writer.commit();
    return LinkLists::read(storage::FileReader(folder.file("a.kith")), count, degree);
}

TEST(LinkLists, GiveBackEveryRowInAscendingOrder) {
    for (const std::size_t count : {1U, 2U, 31U, 32U, 33U, 100U, 1000U, 5000U}) {
        for (const std::size_t degree : {1U, 4U, 5U, 31U, 32U, 64U, 200U, 256U}) {
            const auto links = random_links(count, degree, count * 1000 + degree);
            const auto lists = LinkLists::pack(links, count, degree, 1);
            expect_same(lists, links, count, degree);
            expect_same(written_and_read(lists, count, degree), links, count, degree);
        }
    }
}

TEST(LinkLists, RowsOfOneNumberOverAndOverArePackedToo) {
    constexpr std::size_t kCount = 3000;
    constexpr std::size_t kDegree = 32;
    for (const std::uint32_t number : {0U, 1U, 1500U, 2999U}) {
        const std::vector<std::uint32_t> links(kCount * kDegree, number);
        expect_same(LinkLists::pack(links, kCount, kDegree, 2), links, kCount, kDegree);
    }
}

TEST(LinkLists, AnyNumberOfThreadsGivesTheSameBytes) {
    const auto links = random_links(7001, 20, 1);
    const auto one = LinkLists::pack(links, 7001, 20, 1);
    const auto three = LinkLists::pack(links, 7001, 20, 3);
    EXPECT_TRUE(std::ranges::equal(one.bytes().bytes(), three.bytes().bytes()));
}

TEST(LinkLists, TakeThreeBitsMoreThanALinksShareOfTheRows) {
    for (const std::size_t degree : {4U, 28U, 32U, 64U}) {
        for (const std::size_t count : {1000U, 400000U, 5000000U, 2147483647U}) {
            const LinkCode code(count, degree);
            const double least = std::log2(static_cast<double>(count) / static_cast<double>(degree));
            const auto bits = static_cast<double>(code.unary_bits + degree * code.low_bits);
            EXPECT_LE(bits, static_cast<double>(degree) * (least + 3)) << count;
            EXPECT_LE(static_cast<double>(code.stride), bits / 8 + 2);
            EXPECT_LE(code.unary_bits, 2 * degree) << count;
        }
    }
}

TEST(LinkLists, LinksThatAreNotPackedAreReadAsTheyAre) {
    const test::TempDir folder;
    const auto links = random_links(500, 8, 1);
    storage::FileWriter writer(folder.file("a.kith"), {1, Metric::kEuclidean, Scalar::kFloat32, 1, 500});
    writer.add(storage::SectionKind::kLinks, std::as_bytes(std::span(links)));
    writer.commit();
    const auto lists = LinkLists::read(storage::FileReader(folder.file("a.kith")), 500, 8);
    for (std::size_t row = 0; row < 500; ++row) {
        EXPECT_TRUE(std::ranges::equal(row_of(lists, row), std::span(links).subspan(row * 8, 8)));
    }
    const auto again = written_and_read(lists, 500, 8);
    EXPECT_TRUE(std::ranges::equal(again.bytes().bytes(), lists.bytes().bytes()));
}

TEST(LinkLists, ASectionOfAnotherSizeIsRefused) {
    const auto lists = LinkLists::pack(random_links(500, 8, 1), 500, 8, 1);
    EXPECT_THROW((void)written_and_read(lists, 501, 8), CorruptFile);
    EXPECT_THROW((void)written_and_read(lists, 500, 9), CorruptFile);
    EXPECT_THROW((void)written_and_read(LinkLists(), 500, 8), CorruptFile);
}

TEST(LinkLists, DamagedRowsAreAsManyNumbers) {
    constexpr std::size_t kCount = 200;
    std::mt19937_64 random(1);
    for (const std::size_t degree : {1U, 7U, 32U, 256U}) {
        const LinkCode code(kCount, degree);
        for (const int fill : {0, 0xFF, -1}) {
            std::vector<std::byte> bytes(kCount * code.stride + LinkCode::kSlack);
            for (std::byte& each : bytes) each = static_cast<std::byte>(fill < 0 ? random() : fill);
            const test::TempDir folder;
            storage::FileWriter writer(folder.file("a.kith"), {1, Metric::kEuclidean, Scalar::kFloat32, 1, kCount});
            writer.add(storage::SectionKind::kPackedLinks, std::span<const std::byte>(bytes));
            writer.commit();
            const auto lists = LinkLists::read(storage::FileReader(folder.file("a.kith")), kCount, degree);
            for (std::size_t row = 0; row < kCount; ++row) EXPECT_EQ(row_of(lists, row).size(), degree);
        }
    }
}

}  // namespace
}  // namespace kith::index
