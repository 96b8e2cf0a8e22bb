#include "storage/byte_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

#include <kith/error.hpp>

#include "storage/byte_source.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::storage {
namespace {

using test::list_folder;
using test::read_bytes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Half compressible, half not.
std::string half_random(std::size_t size) {
    std::mt19937 random(5);
    std::string text(size, 'a');
    for (std::size_t i = 0; i < size / 2; ++i) text[i] = static_cast<char>(random());
    return text;
}

void write_file(const std::string& path, const std::string& text) {
    ByteSink sink(path);
    sink.write(std::string_view(text).substr(0, text.size() / 3));
    sink.write(std::as_bytes(std::span(text).subspan(text.size() / 3)));
    sink.commit();
}

std::string read_file(const std::string& path) {
    ByteSource source(path);
    std::string text;
    for (auto chunk = source.next_chunk(); !chunk.empty(); chunk = source.next_chunk()) {
        text.append(chunk.data(), chunk.size());
    }
    return text;
}

class ByteSinkTest : public ::testing::Test {
protected:
    test::TempDir folder_;
};

TEST_F(ByteSinkTest, APlainFileHoldsTheBytesThemselves) {
    const std::string text = half_random(1 << 20);
    write_file(folder_.file("a.txt"), text);
    EXPECT_EQ(read_bytes(folder_.file("a.txt")), text);
}

TEST_F(ByteSinkTest, ANameInGzIsCompressedAndReadsBack) {
    for (const std::size_t size : {0, 1, 100'000, 3'000'000}) {
        const std::string path = folder_.file("a.txt.gz");
        write_file(path, half_random(size));
        EXPECT_EQ(read_bytes(path).substr(0, 2), "\x1f\x8b");
        EXPECT_EQ(read_file(path), half_random(size)) << size;
    }
}

TEST_F(ByteSinkTest, TheSameBytesGiveTheSameFile) {
    write_file(folder_.file("a.gz"), half_random(50'000));
    write_file(folder_.file("b.gz"), half_random(50'000));
    EXPECT_EQ(read_bytes(folder_.file("a.gz")), read_bytes(folder_.file("b.gz")));
}

TEST_F(ByteSinkTest, WithoutCommitThereIsNoTrace) {
    for (const char* const name : {"a.txt", "a.gz"}) {
        ByteSink sink(folder_.file(name));
        sink.write("something");
    }
    EXPECT_THAT(list_folder(folder_.path()), IsEmpty());
}

TEST_F(ByteSinkTest, AMovedOneGoesOnWriting) {
    ByteSink first(folder_.file("a.gz"));
    first.write("one ");
    ByteSink second = std::move(first);
    second.write("two");
    second.commit();
    EXPECT_EQ(read_file(folder_.file("a.gz")), "one two");
    EXPECT_THAT(list_folder(folder_.path()), ElementsAre("a.gz"));
}

}  // namespace
}  // namespace kith::storage
