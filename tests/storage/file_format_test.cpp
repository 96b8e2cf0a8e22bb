#include "storage/file_format.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace kith::storage {
namespace {

// docs/formats.md states these numbers; a change of any would make every existing file unreadable.
TEST(FileFormat, HeaderAndTableAreLaidOutAsDocumented) {
    EXPECT_EQ(offsetof(FileHeader, magic), 0u);
    EXPECT_EQ(offsetof(FileHeader, version), 8u);
    EXPECT_EQ(offsetof(FileHeader, kind), 12u);
    EXPECT_EQ(offsetof(FileHeader, metric), 13u);
    EXPECT_EQ(offsetof(FileHeader, scalar), 14u);
    EXPECT_EQ(offsetof(FileHeader, dim), 16u);
    EXPECT_EQ(offsetof(FileHeader, count), 24u);
    EXPECT_EQ(offsetof(FileHeader, table_offset), 32u);
    EXPECT_EQ(offsetof(FileHeader, section_count), 40u);
    EXPECT_EQ(offsetof(FileHeader, table_checksum), 48u);
    EXPECT_EQ(offsetof(FileHeader, checksum), 56u);
    EXPECT_EQ(offsetof(SectionEntry, kind), 0u);
    EXPECT_EQ(offsetof(SectionEntry, offset), 8u);
    EXPECT_EQ(offsetof(SectionEntry, size), 16u);
    EXPECT_EQ(offsetof(SectionEntry, checksum), 24u);
}

TEST(FileFormat, SectionKindsKeepTheirNumbersAndNames) {
    constexpr std::string_view kNames[] = {
        "unknown",    "vectors",    "keys",      "key offsets",    "metadata",      "forest nodes", "forest roots",
        "graph",      "codes",      "norms",     "frequencies",    "key table",     "coded forest", "centroids",
        "codewords",  "leaves",     "leaf rows", "centroid codes", "byte rows",     "entries",      "links",
        "short rows", "projection", "centre",    "nibble rows",    "forest effort", "steps",        "unknown"};
    for (std::uint32_t kind = 0; kind < std::size(kNames); ++kind) {
        EXPECT_EQ(name(static_cast<SectionKind>(kind)), kNames[kind]) << kind;
    }
    EXPECT_EQ(name(static_cast<SectionKind>(32)), "word2vec");
    EXPECT_EQ(name(static_cast<SectionKind>(33)), "negative weights");
    EXPECT_EQ(name(static_cast<SectionKind>(34)), "tree weights");
    constexpr std::string_view kDocumentNames[] = {
        "doc2vec",      "tag vectors",     "tag names", "tag offsets", "tag counts", "padding",      "fasttext",
        "word weights", "subword weights", "dynamic",   "item ids",    "items left", "packed links", "unknown"};
    for (std::uint32_t i = 0; i < std::size(kDocumentNames); ++i) {
        EXPECT_EQ(name(static_cast<SectionKind>(35 + i)), kDocumentNames[i]) << 35 + i;
    }
}

}  // namespace
}  // namespace kith::storage
