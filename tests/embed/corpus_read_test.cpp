#include <zlib.h>

#include <cctype>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>

#include <kith/corpus.hpp>
#include <kith/error.hpp>

#include "embed/corpus_text.hpp"
#include "support/bytes.hpp"
#include "support/data.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::sentences_of;
using test::types_of;
using test::write_bytes;

void write_gz(const std::string& path, const std::string& text) {
    gzFile out = gzopen(path.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
}

// Lines of a few words each, 10 MB: several blocks.
const std::string& lines() {
    static const std::string text = [] {
        std::mt19937_64 random(4);
        std::geometric_distribution<int> skewed(0.001);
        std::string out;
        while (out.size() < 10'000'000)
            out += "w" + std::to_string(skewed(random)) + (random() % 9 == 0 ? '\n' : ' ');
        return out;
    }();
    return text;
}

void expect_same(const Corpus& got, const Corpus& want) {
    EXPECT_EQ(types_of(got), types_of(want));
    EXPECT_TRUE(std::equal(got.ids().begin(), got.ids().end(), want.ids().begin(), want.ids().end()));
    EXPECT_TRUE(std::equal(got.ends().begin(), got.ends().end(), want.ends().begin(), want.ends().end()));
}

TEST(CorpusRead, TheResultDoesNotDependOnThreadsOrCompression) {
    const test::TempDir folder;
    write_bytes(folder.file("plain"), lines());
    write_gz(folder.file("zipped.gz"), lines());
    for (const SentenceBreak sentence_break : {SentenceBreak::kLine, SentenceBreak::kNone}) {
        CorpusOptions options;
        options.sentence_break = sentence_break;
        const Corpus want = test::corpus_of(lines(), options);
        for (const std::size_t threads : {1U, 2U, 5U}) {
            options.threads = threads;
            expect_same(Corpus::read(folder.file("plain"), options), want);
            expect_same(Corpus::read(folder.file("zipped.gz"), options), want);
        }
    }
}

TEST(CorpusRead, AnEndlessLineIsCutAtTheSamePlacesForAnyNumberOfThreads) {
    const test::TempDir folder;
    std::string endless = lines();
    std::replace(endless.begin(), endless.end(), '\n', ' ');
    write_bytes(folder.file("text8"), endless);
    CorpusOptions options;
    options.threads = 3;
    const Corpus corpus = Corpus::read(folder.file("text8"), options);
    expect_same(corpus, test::corpus_of(endless));
    for (std::size_t i = 0; i + 1 < corpus.sentences(); ++i) ASSERT_EQ(corpus.ends()[i], (i + 1) * 10'000);
    EXPECT_EQ(corpus.ends().back(), corpus.words());
}

TEST(CorpusRead, IdsBeyondTheMemoryLimitAreTheSameInAFile) {
    const test::TempDir folder;
    write_bytes(folder.file("plain"), lines());
    CorpusOptions options;
    const Corpus want = Corpus::read(folder.file("plain"), options);
    options.memory_limit = 1'000'000;
    options.spill_folder = folder.path().string();
    expect_same(Corpus::read(folder.file("plain"), options), want);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "the file is gone";
}

TEST(CorpusRead, AFolderIsItsFilesByNameAndSentencesEndWithFiles) {
    const test::TempDir folder;
    write_bytes(folder.file("b"), "c d");
    write_gz(folder.file("c.gz"), "e\nf");
    write_bytes(folder.file("a"), "a b");
    std::filesystem::create_directory(folder.path() / "sub");
    write_bytes(folder.file("sub/z"), "not read");
    for (const std::size_t threads : {1U, 4U}) {
        CorpusOptions options;
        options.threads = threads;
        EXPECT_EQ(sentences_of(Corpus::read(folder.path().string(), options)), "a b\nc d\ne\nf\n");
        options.sentence_break = SentenceBreak::kNone;
        EXPECT_EQ(sentences_of(Corpus::read(folder.path().string(), options)), "a b\nc d\ne f\n");
    }
    const std::vector<std::string> paths = {folder.file("b"), folder.file("a")};
    EXPECT_EQ(sentences_of(Corpus::read(paths)), "c d\na b\n");
}

TEST(CorpusRead, WhatCannotBeReadIsATypedError) {
    const test::TempDir folder;
    EXPECT_THROW(static_cast<void>(Corpus::read(folder.file("missing"))), IoError);
    EXPECT_THROW(static_cast<void>(Corpus::read(folder.path().string())), InvalidArgument) << "an empty folder";
    write_gz(folder.file("cut.gz"), lines());
    std::filesystem::resize_file(folder.file("cut.gz"), 100'000);
    EXPECT_THROW(static_cast<void>(Corpus::read(folder.file("cut.gz"))), CorruptFile);
}

TEST(CorpusRead, AnEmptyFileIsAnEmptyCorpus) {
    const test::TempDir folder;
    write_bytes(folder.file("empty"), "");
    EXPECT_EQ(Corpus::read(folder.file("empty")).words(), 0U);
}

TEST(CorpusRead, ReportsProgressUpToTheEndAndCanBeCancelled) {
    const test::TempDir folder;
    write_bytes(folder.file("plain"), lines());
    Progress last;
    std::string stage;
    static_cast<void>(Corpus::read(folder.file("plain"), {}, [&](const Progress& now) {
        EXPECT_GE(now.done, last.done);
        last = now;
        stage = now.stage;
        return true;
    }));
    EXPECT_EQ(stage, "reading");
    EXPECT_EQ(last.done, lines().size());
    EXPECT_EQ(last.total, lines().size());
    EXPECT_THROW(static_cast<void>(Corpus::read(folder.file("plain"), {}, [](const Progress&) { return false; })),
                 Cancelled);
}

TEST(CorpusRead, RealTextHasTheKnownNumbers) {
    KITH_NEED_DATA(path, "text8.prefix.gz");
    const Corpus corpus = Corpus::read(path);
    EXPECT_EQ(corpus.words(), 2'139'749U);
    EXPECT_EQ(corpus.sentences(), 214U);
    EXPECT_EQ(corpus.word(0), "anarchism");
}

}  // namespace
}  // namespace kith
