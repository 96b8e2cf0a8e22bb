#include "demo_corpus.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <kith/error.hpp>

#include "program.hpp"

namespace kith::cli {
namespace {

using test::spill;
using test::TempDir;

void spill_gz(const std::string& path, const std::string& text) {
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
}

TEST(LettersOnly, LeavesLowerCaseWordsWithSingleSpaces) {
    EXPECT_EQ(letters_only("Anarchism (1890s), a TERM\n\nof"), "anarchism s a term of");
    EXPECT_EQ(letters_only("  ...x"), "x");
    EXPECT_EQ(letters_only(""), "");
}

TEST(CorpusInFolder, PrefersText8AndPlainFiles) {
    const TempDir folder;
    EXPECT_FALSE(corpus_in_folder(folder.path().string()).has_value());
    spill(folder.file("wiki8.gz"), "");
    EXPECT_EQ(corpus_in_folder(folder.path().string()), folder.file("wiki8.gz"));
    spill(folder.file("text8.gz"), "");
    EXPECT_EQ(corpus_in_folder(folder.path().string()), folder.file("text8.gz"));
    spill(folder.file("text8"), "");
    EXPECT_EQ(corpus_in_folder(folder.path().string()), folder.file("text8"));
}

TEST(ReadTextStart, CutsAfterAWholeWordAndUnpacks) {
    const TempDir folder;
    spill(folder.file("plain"), "one two three");
    spill_gz(folder.file("packed.gz"), "one two three");
    for (const char* name : {"plain", "packed.gz"}) {
        EXPECT_EQ(read_text_start(folder.file(name), 100), "one two three");
        EXPECT_EQ(read_text_start(folder.file(name), 9), "one two");
    }
    EXPECT_THROW((void)read_text_start(folder.file("none"), 9), IoError);
}

TEST(FindDemoCorpus, TakesTheFileGiven) {
    const DemoCorpus corpus = find_demo_corpus("some.txt", true, [](std::string_view) {});
    EXPECT_EQ(corpus.path, "some.txt");
}

}  // namespace
}  // namespace kith::cli
