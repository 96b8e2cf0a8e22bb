#include "storage/byte_source.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <kith/error.hpp>

#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

using test::write_bytes;

std::string gzip(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()), '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string sample_text(std::size_t size) {
    std::mt19937 random(11);
    std::string text(size, ' ');
    for (char& c : text) c = static_cast<char>('a' + random() % 8);
    return text;
}

std::string read_all(ByteSource& source, std::size_t longest = std::string::npos) {
    std::string text;
    for (auto chunk = source.next_chunk(); !chunk.empty(); chunk = source.next_chunk()) {
        EXPECT_LE(chunk.size(), longest);
        text.append(chunk.data(), chunk.size());
        EXPECT_EQ(source.offset(), text.size());
    }
    EXPECT_TRUE(source.next_chunk().empty());
    return text;
}

class ByteSourceTest : public ::testing::Test {
protected:
    std::string read(const std::string& bytes, std::size_t chunk = ByteSource::kDefaultChunk) {
        write_bytes(path_, bytes);
        ByteSource source(path_, chunk);
        return read_all(source, chunk);
    }

    std::uint64_t corrupt_offset(const std::string& bytes) {
        try {
            (void)read(bytes);
        } catch (const CorruptFile& error) {
            EXPECT_EQ(error.path(), path_);
            return error.offset();
        }
        ADD_FAILURE() << "expected CorruptFile";
        return 0;
    }

    test::TempDir folder_;
    std::string path_ = folder_.file("file");
};

TEST_F(ByteSourceTest, GivesTheSameBytesPlainAndCompressedInChunksOfAnySize) {
    for (const std::size_t size : {0, 1, 2, 3, 1000, 70'000, 300'000}) {
        const std::string text = sample_text(size);
        for (const std::size_t chunk : {1, 3, 4096, 1 << 18}) {
            if (chunk < 4096 && size > 1000) continue;
            EXPECT_EQ(read(text, chunk), text) << size << " in " << chunk;
            EXPECT_EQ(read(gzip(text), chunk), text) << size << " in " << chunk;
        }
    }
}

TEST_F(ByteSourceTest, CompressionIsToldByContentNotByName) {
    write_bytes(folder_.file("plain.gz"), "plain text");
    ByteSource plain(folder_.file("plain.gz"));
    EXPECT_FALSE(plain.compressed());
    EXPECT_EQ(read_all(plain), "plain text");
    write_bytes(folder_.file("packed.txt"), gzip("packed text"));
    ByteSource packed(folder_.file("packed.txt"));
    EXPECT_TRUE(packed.compressed());
    EXPECT_EQ(read_all(packed), "packed text");
}

TEST_F(ByteSourceTest, ConcatenatedStreamsAreOne) {
    std::string bytes;
    std::string expected;
    for (const std::size_t size : {5, 0, 200'000, 1, 0}) {
        bytes += gzip(sample_text(size));
        expected += sample_text(size);
    }
    EXPECT_EQ(read(bytes), expected);
    EXPECT_EQ(read(bytes, 1000), expected);
}

TEST_F(ByteSourceTest, PaddingWithZerosAfterAStreamIsIgnored) {
    EXPECT_EQ(read(gzip("text") + std::string(200'000, '\0')), "text");
}

TEST_F(ByteSourceTest, GarbageAfterAStreamIsAnErrorAtItsOffset) {
    const std::string packed = gzip("text");
    EXPECT_EQ(corrupt_offset(packed + "garbage"), packed.size());
    EXPECT_EQ(corrupt_offset(packed + std::string(3, '\0') + packed), packed.size() + 3);
    (void)corrupt_offset(packed + "\x1f garbage");
}

TEST_F(ByteSourceTest, EveryTruncationOfACompressedFileIsAnErrorAtItsEnd) {
    const std::string packed = gzip(sample_text(300));
    for (std::size_t length = 2; length < packed.size(); ++length) {
        EXPECT_EQ(corrupt_offset(packed.substr(0, length)), length);
    }
    const std::string two = packed + packed;
    for (std::size_t length = packed.size() + 1; length < two.size(); ++length) {
        EXPECT_EQ(corrupt_offset(two.substr(0, length)), length);
    }
}

TEST_F(ByteSourceTest, EveryDamagedByteOfACompressedFileIsAnErrorOrChangesNothing) {
    const std::string text = sample_text(300);
    const std::string packed = gzip(text);
    for (std::size_t at = 3; at < packed.size(); ++at) {
        std::string damaged = packed;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        try {
            EXPECT_EQ(read(damaged), text) << at;
        } catch (const CorruptFile& error) {
            EXPECT_LE(error.offset(), packed.size());
        }
    }
}

TEST_F(ByteSourceTest, ABombUnpacksOneChunkAtATime) {
    write_bytes(path_, gzip(std::string(50'000'000, '\0')));
    ByteSource source(path_, 1000);
    EXPECT_EQ(source.next_chunk().size(), 1000u);
    EXPECT_EQ(source.offset(), 1000u);
    EXPECT_LT(source.file_bytes_read(), 100'000u);
}

TEST_F(ByteSourceTest, APlainFileCanBeMappedAtAnyTime) {
    const std::string text = sample_text(500'000);
    write_bytes(path_, text);
    ByteSource source(path_);
    (void)source.next_chunk();
    const std::optional<Region> region = source.mapped();
    ASSERT_TRUE(region);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(region->data()), region->size()), text);
    write_bytes(path_, gzip(text));
    EXPECT_FALSE(ByteSource(path_).mapped());
}

TEST_F(ByteSourceTest, PipesAreReadToTheirEnd) {
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    const std::string text = sample_text(300'000);
    for (const bool compressed : {false, true}) {
        std::jthread writer([&] { write_bytes(path_, compressed ? gzip(text) : text); });
        ByteSource source(path_, 10'000);
        EXPECT_FALSE(source.mapped());
        EXPECT_EQ(source.file_size(), 0u);
        EXPECT_EQ(read_all(source), text);
    }
}

TEST_F(ByteSourceTest, ProgressRunsFromNothingToTheFilesSize) {
    const std::string packed = gzip(sample_text(2'000'000));
    write_bytes(path_, packed);
    ByteSource source(path_);
    EXPECT_EQ(source.file_size(), packed.size());
    EXPECT_LT(source.file_bytes_read(), packed.size() / 2);
    (void)read_all(source);
    EXPECT_EQ(source.file_bytes_read(), packed.size());
}

TEST_F(ByteSourceTest, WhatCannotBeReadIsAnErrorThatNamesIt) {
    EXPECT_THROW(ByteSource{folder_.file("none")}, IoError);
    EXPECT_THROW(ByteSource{folder_.path().string()}, IoError);
}

}  // namespace
}  // namespace kith::storage
