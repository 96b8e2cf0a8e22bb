#include <kith/tagged_corpus.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "embed/corpus_text.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::write_bytes;

// "tag,tag: words" for each document.
std::string documents_of(const TaggedCorpus& corpus) {
    std::string out;
    std::size_t at = 0;
    for (std::size_t document = 0; document < corpus.documents(); ++document) {
        for (const char* comma = ""; const std::uint32_t tag : corpus.tags_of(document)) {
            out += comma + corpus.tag(tag);
            comma = ",";
        }
        out += ':';
        for (; at < corpus.text().ends()[document]; ++at) {
            out += ' ';
            out += corpus.text().word(corpus.text().ids()[at]);
        }
        out += '\n';
    }
    return out;
}

TEST(TaggedCorpus, LinesAreDocumentsEvenEmptyOnesAndVeryLongOnes) {
    const test::TempDir folder;
    std::string text = "a b\n\n \nc";
    for (int i = 0; i < 20'000; ++i) text += " c";
    write_bytes(folder.file("a.txt"), text + "\nlast");
    for (const std::size_t threads : {1U, 3U}) {
        CorpusOptions options;
        options.threads = threads;
        const TaggedCorpus corpus = TaggedCorpus::read(folder.file("a.txt"), TagSource::kLineNumber, options);
        ASSERT_EQ(corpus.documents(), 5U);
        EXPECT_EQ(corpus.tags(), 5U);
        EXPECT_EQ(corpus.tag(4), "4");
        EXPECT_EQ(corpus.count(4), 1U);
        EXPECT_EQ(corpus.tags_of(3).front(), 3U);
        EXPECT_EQ(corpus.text().ends()[3] - corpus.text().ends()[2], 20'001U);
        EXPECT_TRUE(documents_of(corpus).starts_with("0: a b\n1:\n2:\n3: c c"));
        EXPECT_TRUE(documents_of(corpus).ends_with("\n4: last\n"));
    }
}

TEST(TaggedCorpus, TagsMayComeFirstOnTheLine) {
    const test::TempDir folder;
    write_bytes(folder.file("a.txt"), "sport,uk\tthe match\n\tno tags\nuk,uk,\tthe  queen\t1\r\nsport\t");
    const TaggedCorpus corpus = TaggedCorpus::read(folder.file("a.txt"), TagSource::kFirstField);
    EXPECT_EQ(documents_of(corpus), "sport,uk: the match\n: no tags\nuk: the queen 1\nsport:\n");
    EXPECT_EQ(corpus.tags(), 2U);
    EXPECT_EQ(corpus.count(0), 2U);
    EXPECT_EQ(corpus.count(1), 2U);
    write_bytes(folder.file("b.txt"), "x\ta\nno tab\n");
    try {
        static_cast<void>(TaggedCorpus::read(folder.file("b.txt"), TagSource::kFirstField));
        ADD_FAILURE();
    } catch (const CorruptFile& error) {
        EXPECT_EQ(error.offset(), 4U);
        EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
    }
    EXPECT_THROW(static_cast<void>(TaggedCorpus::read(folder.file("none"), TagSource::kFirstField)), IoError);
}

TEST(TaggedCorpusBuilder, KeepsTheOrderOfTagsGivenBeforehand) {
    TaggedCorpusBuilder builder;
    EXPECT_EQ(builder.add_tag("zero"), 0U);
    EXPECT_EQ(builder.add_tag("one"), 1U);
    EXPECT_EQ(builder.add_tag("zero"), 0U);
    const std::vector<std::string_view> words = {"a", "b"};
    const std::vector<std::string_view> tags = {"one", "two", "one"};
    builder.add(words, tags);
    builder.add({}, {});
    EXPECT_EQ(builder.documents(), 2U);
    const TaggedCorpus corpus = builder.finish();
    EXPECT_EQ(documents_of(corpus), "one,two: a b\n:\n");
    EXPECT_EQ(corpus.tags(), 3U);
    EXPECT_EQ(corpus.count(0), 0U);
    EXPECT_EQ(corpus.count(1), 1U);
    EXPECT_EQ(builder.documents(), 0U);
    EXPECT_EQ(TaggedCorpus().documents(), 0U);
}

TEST(TaggedCorpus, StopsWhenTold) {
    const test::TempDir folder;
    write_bytes(folder.file("a.txt"), "x\ta\n");
    const auto refuse = [](const Progress&) { return false; };
    for (const TagSource source : {TagSource::kLineNumber, TagSource::kFirstField}) {
        EXPECT_THROW(static_cast<void>(TaggedCorpus::read(folder.file("a.txt"), source, {}, refuse)), Cancelled);
    }
}

}  // namespace
}  // namespace kith
