#include "storage/file_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <kith/error.hpp>

#include "storage/checksum.hpp"
#include "storage/file_writer.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

constexpr FileDescription kDescription{
    .kind = 1, .metric = Metric::kDot, .scalar = Scalar::kFloat32, .dim = 3, .count = 5};
const std::vector<float> kRows = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
const std::string kText = "{\"made\":\"by hand\"}";

using test::read_bytes;
using test::write_bytes;

// Vectors and metadata: 64 header, 64 vectors with 4 of padding, 64 metadata with padding, 64 table.
std::string make_file(const std::string& path) {
    FileWriter writer(path, kDescription);
    writer.add(SectionKind::kVectors, std::span<const float>(kRows));
    writer.add(SectionKind::kMetadata, std::span<const char>(kText));
    writer.commit();
    return read_bytes(path);
}

std::vector<std::byte> content(const FileReader& reader, SectionKind kind) {
    const std::optional<Region> region = reader.section(kind);
    if (!region) return {};
    return {region->bytes().begin(), region->bytes().end()};
}

class FileReaderTest : public ::testing::Test {
protected:
    // Opens the valid file with `damage` done to its header and table, checksums made to fit again.
    void open_forged(const std::function<void(FileHeader&, std::vector<SectionEntry>&)>& damage) {
        std::string bytes = original_;
        FileHeader header;
        std::memcpy(&header, bytes.data(), sizeof header);
        std::vector<SectionEntry> table(header.section_count);
        const std::size_t at = header.table_offset;
        std::memcpy(table.data(), bytes.data() + at, table.size() * sizeof(SectionEntry));
        damage(header, table);
        header.table_checksum = checksum(std::as_bytes(std::span(table)));
        header.checksum = checksum(std::as_bytes(std::span(&header, 1)).first(offsetof(FileHeader, checksum)));
        std::memcpy(bytes.data(), &header, sizeof header);
        bytes.resize(at);
        bytes.append(reinterpret_cast<const char*>(table.data()), table.size() * sizeof(SectionEntry));
        write_bytes(path_, bytes);
        const FileReader reader(path_);
        reader.verify();
    }

    test::TempDir folder_;
    std::string path_ = folder_.file("a.kith");
    std::string original_ = make_file(path_);
};

TEST_F(FileReaderTest, ReturnsWhatWasWritten) {
    const FileReader reader(path_);
    EXPECT_EQ(reader.version(), kFormatVersion);
    EXPECT_EQ(reader.description().kind, 1);
    EXPECT_EQ(reader.description().metric, Metric::kDot);
    EXPECT_EQ(reader.description().dim, 3u);
    EXPECT_EQ(reader.description().count, 5u);
    ASSERT_EQ(reader.sections().size(), 2u);
    const auto rows = reader.vectors().as<float>();
    EXPECT_EQ(std::vector<float>(rows.begin(), rows.end()), kRows);
    EXPECT_EQ(content(reader, SectionKind::kMetadata).size(), kText.size());
    EXPECT_FALSE(reader.section(SectionKind::kGraph));
    reader.verify();
    EXPECT_TRUE(is_kith_file(path_));
}

TEST_F(FileReaderTest, EverySectionIsAlignedAsRowsWantIt) {
    const FileReader reader(path_);
    for (const SectionEntry& entry : reader.sections()) {
        const auto address = reinterpret_cast<std::uintptr_t>(reader.require(entry.kind).data());
        EXPECT_EQ(address % kAlignment, 0u);
    }
}

TEST_F(FileReaderTest, RegionsOutliveTheReader) {
    Region region;
    {
        const FileReader reader(path_);
        region = reader.vectors();
    }
    EXPECT_EQ(region.as<float>()[14], 14.0F);
}

TEST_F(FileReaderTest, EveryTruncationIsATypedError) {
    for (std::size_t length = 0; length < original_.size(); ++length) {
        write_bytes(path_, original_.substr(0, length));
        EXPECT_THROW(FileReader{path_}, CorruptFile) << length;
    }
}

TEST_F(FileReaderTest, TrailingBytesAreATypedError) {
    for (const std::size_t extra : {1, 32, 64, 4096}) {
        write_bytes(path_, original_ + std::string(extra, '\0'));
        EXPECT_THROW(FileReader{path_}, CorruptFile) << extra;
    }
}

TEST_F(FileReaderTest, VerifyFindsEverySingleBitFlip) {
    for (std::size_t bit = 0; bit < original_.size() * 8; ++bit) {
        std::string bytes = original_;
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
        write_bytes(path_, bytes);
        EXPECT_THROW(
            {
                const FileReader reader(path_);
                reader.verify();
            },
            CorruptFile)
            << "bit " << bit % 8 << " of byte " << bit / 8;
    }
}

TEST_F(FileReaderTest, EveryValueOfEveryHeaderAndTableByteIsRefusedOrHarmless) {
    FileHeader header;
    std::memcpy(&header, original_.data(), sizeof header);
    const std::vector<std::byte> vectors = content(FileReader(path_), SectionKind::kVectors);
    for (std::size_t at = 0; at < original_.size(); ++at) {
        if (at == sizeof header) at = header.table_offset;
        for (int value = 0; value < 256; value += 17) {
            std::string bytes = original_;
            bytes[at] = static_cast<char>(value);
            write_bytes(path_, bytes);
            try {
                const FileReader reader(path_);
                EXPECT_EQ(content(reader, SectionKind::kVectors), vectors) << at << " = " << value;
            } catch (const Error&) {
                EXPECT_NE(bytes, original_);
            }
        }
    }
}

TEST_F(FileReaderTest, VerifyNamesTheSectionAndItsOffset) {
    std::string bytes = original_;
    bytes[FileReader(path_).sections()[1].offset + 3] ^= 0x20;
    write_bytes(path_, bytes);
    const FileReader reader(path_);
    const std::vector<Damage> damage = reader.find_damage();
    ASSERT_EQ(damage.size(), 1u);
    EXPECT_EQ(damage[0].section, 1u);
    try {
        reader.verify();
        FAIL() << "expected CorruptFile";
    } catch (const CorruptFile& error) {
        EXPECT_EQ(error.offset(), reader.sections()[1].offset);
        EXPECT_NE(std::string(error.what()).find("'metadata'"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find(path_), std::string::npos) << error.what();
    }
}

TEST_F(FileReaderTest, ForgedOffsetsAndSizesAreRefusedWithoutOverflow) {
    constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();
    open_forged([](FileHeader&, std::vector<SectionEntry>&) {});
    for (const std::uint64_t bad : {kHuge, kHuge - 63, kHuge / 2 + 1, std::uint64_t{1} << 40, std::uint64_t{0},
                                    std::uint64_t{63}, std::uint64_t{65}}) {
        EXPECT_THROW(open_forged([&](FileHeader&, auto& table) { table[0].offset = bad; }), CorruptFile) << bad;
        EXPECT_THROW(open_forged([&](FileHeader&, auto& table) { table[1].offset = bad; }), CorruptFile) << bad;
        EXPECT_THROW(open_forged([&](FileHeader& header, auto&) { header.table_offset = bad; }), CorruptFile)
            << bad;
    }
    for (const std::uint64_t bad : {kHuge, kHuge - 63, kHuge - 127, kHuge / 2 + 1, std::uint64_t{1} << 40}) {
        EXPECT_THROW(open_forged([&](FileHeader&, auto& table) { table[0].size = bad; }), CorruptFile) << bad;
        EXPECT_THROW(open_forged([&](FileHeader&, auto& table) { table[1].size = bad; }), CorruptFile) << bad;
        EXPECT_THROW(open_forged([&](FileHeader& header, auto&) { header.dim = bad; }), CorruptFile) << bad;
    }
    for (const std::uint32_t bad : {0U, 1U, 3U, kMaxSections + 1, 0x08000000U, 0xffffffffU}) {
        EXPECT_THROW(open_forged([&](FileHeader& header, auto&) { header.section_count = bad; }), CorruptFile)
            << bad;
    }
}

TEST_F(FileReaderTest, SectionsMayNotOverlapOrRepeat) {
    EXPECT_THROW(open_forged([](FileHeader&, auto& table) { table[1].offset = table[0].offset; }), CorruptFile);
    EXPECT_THROW(open_forged([](FileHeader&, auto& table) { table[1].kind = table[0].kind; }), CorruptFile);
    EXPECT_THROW(open_forged([](FileHeader&, auto& table) { std::swap(table[0], table[1]); }), CorruptFile);
}

TEST_F(FileReaderTest, VectorsMustHaveTheSizeThatTheHeaderImplies) {
    for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{4}, std::uint64_t{6}, kMaxCount}) {
        open_forged([&](FileHeader& header, auto&) { header.count = count; });
        EXPECT_THROW((void)FileReader(path_).vectors(), CorruptFile) << count;
    }
    open_forged([](FileHeader& header, auto&) {
        header.dim = kMaxDim;
        header.count = kMaxCount;
    });
    EXPECT_THROW((void)FileReader(path_).vectors(), CorruptFile);
}

TEST_F(FileReaderTest, ANewerVersionIsUnsupportedAndSaysWhichIsKnown) {
    try {
        open_forged([](FileHeader& header, auto&) { header.version = kFormatVersion + 1; });
        FAIL() << "expected Unsupported";
    } catch (const Unsupported& error) {
        EXPECT_NE(std::string(error.what()).find("format version 2"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("up to 1"), std::string::npos) << error.what();
    }
    EXPECT_THROW(open_forged([](FileHeader& header, auto&) { header.version = 0; }), CorruptFile);
}

TEST_F(FileReaderTest, UnknownMetricsAndElementTypesAreUnsupported) {
    EXPECT_THROW(open_forged([](FileHeader& header, auto&) { header.metric = 5; }), Unsupported);
    EXPECT_THROW(open_forged([](FileHeader& header, auto&) { header.scalar = 255; }), Unsupported);
}

TEST_F(FileReaderTest, SectionsOfAKindItDoesNotKnowAreSkippedButVerified) {
    open_forged([](FileHeader&, auto& table) { table[1].kind = static_cast<SectionKind>(777); });
    const FileReader reader(path_);
    EXPECT_EQ(name(reader.sections()[1].kind), "unknown");
    EXPECT_EQ(reader.vectors().size(), 60u);
}

TEST_F(FileReaderTest, AForeignFileSaysWhatItFound) {
    write_bytes(path_, "400000 50\nthe 0.418 0.24968");
    EXPECT_FALSE(is_kith_file(path_));
    try {
        const FileReader reader(path_);
        FAIL() << "expected CorruptFile";
    } catch (const CorruptFile& error) {
        EXPECT_EQ(error.offset(), 0u);
        EXPECT_NE(std::string(error.what()).find("34 30 30"), std::string::npos) << error.what();
    }
}

TEST_F(FileReaderTest, AMissingFileOrSectionIsATypedError) {
    EXPECT_THROW(FileReader{folder_.file("none.kith")}, IoError);
    EXPECT_THROW(FileReader{folder_.path().string()}, IoError);
    const FileReader reader(path_);
    EXPECT_THROW((void)reader.require(SectionKind::kForestNodes), CorruptFile);
    EXPECT_THROW((void)reader.require(SectionKind::kMetadata, kText.size() + 1), CorruptFile);
}

TEST_F(FileReaderTest, AnEmptyContainerIsAValidFile) {
    FileWriter(path_, {}).commit();
    const FileReader reader(path_);
    EXPECT_TRUE(reader.sections().empty());
    reader.verify();
}

}  // namespace
}  // namespace kith::storage
