#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "keyed/random_vectors.hpp"
#include "storage/file_writer.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using storage::FileDescription;
using storage::FileWriter;
using storage::SectionKind;
using testing::ElementsAre;

std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

KeyedVectors counted() {
    const Matrix matrix = test::random_matrix(300, 5);
    std::vector<std::uint64_t> counts(300);
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = 1000 - i;
    return KeyedVectors(test::word_keys(300), matrix.view(), counts);
}

TEST(KeyedFile, AMappedFileEqualsWhatWasSaved) {
    const test::TempDir dir;
    const KeyedVectors saved = counted();
    saved.save(dir.file("v.kith"));
    const KeyedVectors opened = KeyedVectors::open(dir.file("v.kith"));
    EXPECT_EQ(opened.keys(), saved.keys());
    EXPECT_TRUE(std::ranges::equal(opened.norms(), saved.norms()));
    EXPECT_TRUE(std::ranges::equal(opened.counts(), saved.counts()));
    for (std::size_t row = 0; row < saved.size(); ++row) {
        EXPECT_TRUE(std::ranges::equal(opened.vector(row), saved.vector(row)));
        EXPECT_EQ(opened.find(saved.key(row)), row);
    }
    opened.save(dir.file("again.kith"));
    EXPECT_EQ(bytes_of(dir.file("v.kith")), bytes_of(dir.file("again.kith")));
}

TEST(KeyedFile, WithoutCountsThereAreNone) {
    const test::TempDir dir;
    test::random_keyed(3, 2).save(dir.file("v.kith"));
    EXPECT_TRUE(KeyedVectors::open(dir.file("v.kith"), {.prefault = true}).counts().empty());
}

TEST(KeyedFile, RowsWithoutKeysAreCalledByTheirNumbers) {
    const test::TempDir dir;
    const std::vector<float> rows = {3, 4, 0, 1};
    {
        FileWriter writer(dir.file("v.kith"), FileDescription{.dim = 2, .count = 2});
        writer.add(SectionKind::kVectors, std::span<const float>(rows));
        writer.commit();
    }
    const KeyedVectors vectors = KeyedVectors::open(dir.file("v.kith"));
    EXPECT_THAT(vectors.keys(), ElementsAre("0", "1"));
    EXPECT_THAT(vectors.norms(), ElementsAre(5, 1));
    EXPECT_EQ(vectors.find("1"), 1U);
}

TEST(KeyedFile, KeysWithoutATableAreIndexedOnOpening) {
    const test::TempDir dir;
    const std::vector<float> rows = {1, 2};
    const std::vector<std::uint64_t> offsets = {0, 1, 3};
    const std::string keys = "abc";
    const auto write = [&](const std::string& bytes) {
        FileWriter writer(dir.file("v.kith"), FileDescription{.dim = 1, .count = 2});
        writer.add(SectionKind::kVectors, std::span<const float>(rows));
        writer.add(SectionKind::kKeys, std::span<const char>(bytes));
        writer.add(SectionKind::kKeyOffsets, std::span<const std::uint64_t>(offsets));
        writer.commit();
    };
    write(keys);
    EXPECT_EQ(KeyedVectors::open(dir.file("v.kith")).find("bc"), 1U);
    write("a");  // key 1 lies outside and reads as empty
    const KeyedVectors damaged = KeyedVectors::open(dir.file("v.kith"));
    EXPECT_EQ(damaged.key(1), "");
    EXPECT_FALSE(damaged.find("bc"));
}

TEST(KeyedFile, RefusesFilesWithoutFloatVectors) {
    const test::TempDir dir;
    {
        FileWriter writer(dir.file("v.kith"), FileDescription{.dim = 2, .count = 0});
        writer.commit();
    }
    EXPECT_THROW(static_cast<void>(KeyedVectors::open(dir.file("v.kith"))), Unsupported);
    {
        FileWriter writer(dir.file("v.kith"), FileDescription{.dim = 0, .count = 1000});
        writer.add(SectionKind::kVectors, std::span<const float>());
        writer.commit();
    }
    EXPECT_THROW(static_cast<void>(KeyedVectors::open(dir.file("v.kith"))), CorruptFile);
    EXPECT_THROW(static_cast<void>(KeyedVectors::open(dir.file("none.kith"))), IoError);
}

TEST(KeyedFile, NoDamageToTheSectionsLeadsOutsideThem) {
    const test::TempDir dir;
    counted().save(dir.file("v.kith"));
    const std::string good = bytes_of(dir.file("v.kith"));
    std::mt19937 random(11);
    std::size_t opened = 0;
    for (int round = 0; round < 600; ++round) {
        std::string bad = good;
        for (int i = 0; i < 30; ++i) bad[random() % bad.size()] = static_cast<char>(random());
        if (round % 5 == 0) bad.resize(random() % bad.size());
        if (round % 2 == 0) bad.replace(0, 64, good, 0, std::min<std::size_t>(64, bad.size()));
        write_bytes(dir.file("bad.kith"), bad);
        try {
            const KeyedVectors vectors = KeyedVectors::open(dir.file("bad.kith"));
            ++opened;
            for (std::size_t row = 0; row < vectors.size(); ++row) {
                const std::string key(vectors.key(row));
                const auto found = vectors.find(key);
                EXPECT_LT(found.value_or(0), vectors.size());
            }
            EXPECT_LE(vectors.most_similar("w1").size(), 10U);
        } catch (const Error&) {
        }
    }
    EXPECT_GT(opened, 50U);
}

}  // namespace
}  // namespace kith
