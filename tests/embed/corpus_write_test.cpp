#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/error.hpp>

#include "embed/corpus_text.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

TEST(WriteText, ReadsBackSentenceBySentence) {
    const test::TempDir folder;
    const Corpus corpus = test::corpus_of("the cat  sat\n\non\tthe mat");
    for (const char* name : {"a.txt", "a.txt.gz"}) {
        write_text(folder.file(name), corpus);
        EXPECT_EQ(test::sentences_of(Corpus::read(folder.file(name))), "the cat sat\non the mat\n") << name;
    }
    write_text(folder.file("none.txt"), Corpus());
    EXPECT_EQ(Corpus::read(folder.file("none.txt")).words(), 0U);
}

TEST(WriteText, RefusesWordsThatATextCannotHold) {
    const test::TempDir folder;
    for (const std::string_view word : {"", "new york", "a\n"}) {
        CorpusBuilder builder;
        builder.add_sentence(std::vector<std::string_view>{"fine", word});
        EXPECT_THROW(write_text(folder.file("a.txt"), builder.finish()), InvalidArgument);
        EXPECT_FALSE(std::ifstream(folder.file("a.txt")).good());
    }
}

}  // namespace
}  // namespace kith
