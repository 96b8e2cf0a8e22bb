#include "embed/text_blocks.hpp"

#include <zlib.h>

#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "embed/tokenizer.hpp"
#include "support/temp_dir.hpp"

namespace kith::embed {
namespace {

std::string random_text(std::size_t size) {
    std::mt19937_64 random(3);
    std::string text(size, 'a');
    for (char& c : text) {
        if (random() % 6 == 0) c = random() % 4 == 0 ? '\n' : ' ';
    }
    if (size > 10'000) text.replace(size / 2, 5'000, 5'000, 'x');  // a word longer than a block
    return text;
}

void expect_blocks(const std::string& path, const std::string& text) {
    for (const std::size_t size : {1U, 7U, 1000U, 1'000'000'000U}) {
        TextBlocks blocks(path, size);
        std::string joined;
        std::string storage;
        while (true) {
            const std::string_view block = blocks.next(storage);
            if (block.empty()) break;
            joined += block;
            blocks.give_back();
            if (joined.size() != text.size()) {
                ASSERT_TRUE(is_space(joined.back())) << size;
            }
        }
        EXPECT_EQ(joined, text) << size;
        EXPECT_EQ(blocks.bytes_read(), blocks.file_size());
        EXPECT_TRUE(blocks.next(storage).empty());
    }
}

TEST(TextBlocks, PutTogetherAreTheFileAndEndBetweenWords) {
    const test::TempDir folder;
    const std::string text = random_text(600'000);
    std::ofstream(folder.file("plain")) << text;
    expect_blocks(folder.file("plain"), text);
    gzFile out = gzopen(folder.file("zipped.gz").c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    expect_blocks(folder.file("zipped.gz"), text);
}

TEST(TextBlocks, AnEmptyFileHasNone) {
    const test::TempDir folder;
    std::ofstream(folder.file("empty")).flush();
    expect_blocks(folder.file("empty").c_str(), "");
}

TEST(TextBlocks, AMissingFileIsAnIoError) {
    EXPECT_THROW(TextBlocks("/no/such/file"), IoError);
}

}  // namespace
}  // namespace kith::embed
