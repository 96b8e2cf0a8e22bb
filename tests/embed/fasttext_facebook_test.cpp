#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/fasttext.hpp>

#include "embed/corpus_text.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void spill(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

template <class T>
void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// A file as fastText would write it: two words, three buckets, two dimensions. The first versions had no magic number,
// no pruning and no quantising.
std::string facebook_file(std::int32_t loss = 2, std::int32_t model = 2, bool first_version = false) {
    std::string out;
    for (const std::int32_t value : {793'712'314, 12, 2, 5, 7, 1, 5, 1, loss, model, 3, 2, 4, 100}) put(out, value);
    if (first_version) out.erase(0, 8);
    put(out, 1e-4);
    for (const std::int32_t value : {2, 2, 0}) put(out, value);
    put(out, std::int64_t{12});
    if (!first_version) put(out, std::int64_t{-1});
    out += std::string("the\0", 4);
    put(out, std::int64_t{8});
    put(out, std::int8_t{0});
    out += std::string("</s>\0", 5);
    put(out, std::int64_t{4});
    put(out, std::int8_t{0});
    if (!first_version) put(out, std::uint8_t{0});
    put(out, std::int64_t{5});
    put(out, std::int64_t{2});
    for (int i = 0; i < 10; ++i) put(out, 0.25F * static_cast<float>(i) - 1);
    if (!first_version) put(out, std::uint8_t{0});
    put(out, std::int64_t{2});
    put(out, std::int64_t{2});
    for (int i = 0; i < 4; ++i) put(out, loss == 1 && i > 1 ? 0.0F : 0.5F * static_cast<float>(i) + 0.125F);
    return out;
}

TEST(FacebookFile, ReadsWhatTheFirstVersionsWroteAndWritesItAsTheNewest) {
    const test::TempDir folder;
    for (const std::int32_t loss : {1, 2}) {
        spill(folder.file("old.bin"), facebook_file(loss, 2, true));
        FastText::load_facebook(folder.file("old.bin")).save_facebook(folder.file("new.bin"));
        EXPECT_EQ(slurp(folder.file("new.bin")), facebook_file(loss, 2));
    }
}

TEST(FacebookFile, ReadsTheFieldsOfTheFormat) {
    const test::TempDir folder;
    spill(folder.file("m.bin"), facebook_file());
    const FastText model = FastText::load_facebook(folder.file("m.bin"));
    const FastTextOptions& options = model.options();
    EXPECT_EQ(options.vector_size, 2U);
    EXPECT_EQ(options.window, 5U);
    EXPECT_EQ(options.epochs, 7U);
    EXPECT_EQ(options.min_count, 1U);
    EXPECT_EQ(options.negative, 5U);
    EXPECT_FALSE(options.hierarchical_softmax);
    EXPECT_EQ(options.architecture, Architecture::kSkipGram);
    EXPECT_EQ(options.bucket, 3U);
    EXPECT_EQ(options.min_n, 2U);
    EXPECT_EQ(options.max_n, 4U);
    EXPECT_EQ(options.sample, 1e-4);
    EXPECT_EQ(model.vocabulary().words(), (std::vector<std::string>{"the", "</s>"}));
    EXPECT_EQ(model.vocabulary().count(1), 4U);
    EXPECT_EQ(model.word_weights().row(1)[0], -0.5F);
    EXPECT_EQ(model.subword_weights().row(2)[1], 1.25F);
    EXPECT_EQ(model.negative_weights().row(1)[1], 1.625F);
    EXPECT_EQ(model.vector("</s>"), (std::vector<float>{-0.5F, -0.25F})) << "has no parts";
}

TEST(FacebookFile, WritesTheSameBytesAgain) {
    const test::TempDir folder;
    for (const auto& bytes : {facebook_file(), facebook_file(1, 1), facebook_file(1, 2)}) {
        spill(folder.file("m.bin"), bytes);
        FastText::load_facebook(folder.file("m.bin")).save_facebook(folder.file("again.bin"));
        EXPECT_EQ(slurp(folder.file("again.bin")), bytes);
    }
    std::string old = facebook_file();
    old[4] = 11;
    spill(folder.file("m.bin"), old);
    FastText::load_facebook(folder.file("m.bin")).save_facebook(folder.file("again.bin"));
    EXPECT_EQ(slurp(folder.file("again.bin")), old);
}

TEST(FacebookFile, TrainedModelsReadBackAndGoOn) {
    const test::TempDir folder;
    const Corpus corpus = test::corpus_of("the cat saw the dog\nthe dog saw a cat\n");
    for (const bool tree : {false, true}) {
        FastTextOptions options;
        options.vector_size = 10;
        options.min_count = 1;
        options.bucket = 50;
        options.threads = 1;
        options.hierarchical_softmax = tree;
        options.negative = tree ? 0 : 3;
        FastText model = FastText::train(corpus, options);
        model.save_facebook(folder.file("m.bin"));
        FastText loaded = FastText::load_facebook(folder.file("m.bin"));
        EXPECT_EQ(loaded.vocabulary().words(), model.vocabulary().words());
        for (const char* word : {"cat", "never"}) EXPECT_EQ(loaded.vector(word), model.vector(word));
        const auto weights = [&](const FastText& of) { return tree ? of.tree_weights() : of.negative_weights(); };
        for (std::size_t row = 0; row < weights(model).rows(); ++row) {
            const auto a = weights(model).row(row);
            const auto b = weights(loaded).row(row);
            EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
        }
        EXPECT_EQ(loaded.train_on(corpus, {.epochs = 1}).raw_words, corpus.words());
    }
}

TEST(FacebookFile, RefusesWhatItsFormatCannotHold) {
    const test::TempDir folder;
    FastTextOptions options;
    options.min_count = 1;
    options.bucket = 10;
    EXPECT_THROW(FastText().save_facebook(folder.file("m.bin")), InvalidArgument);
    CorpusBuilder builder;
    builder.add_sentence(std::vector<std::string_view>{std::string_view("a\0b", 3), "c"});
    EXPECT_THROW(FastText::train(builder.finish(), options).save_facebook(folder.file("m.bin")), InvalidArgument);
    options.hierarchical_softmax = true;
    EXPECT_THROW(FastText::train(test::corpus_of("a b c"), options).save_facebook(folder.file("m.bin")),
                 InvalidArgument);
    EXPECT_FALSE(std::ifstream(folder.file("m.bin")).good());
}

TEST(FacebookFile, EveryTruncationIsCorruptAndNoDamagedByteCrashes) {
    const test::TempDir folder;
    const std::string path = folder.file("m.bin");
    const std::string good = facebook_file();
    for (std::size_t size = 0; size < good.size(); ++size) {
        spill(path, good.substr(0, size));
        EXPECT_THROW(static_cast<void>(FastText::load_facebook(path)), CorruptFile) << size;
    }
    spill(path, good + "x");
    EXPECT_THROW(static_cast<void>(FastText::load_facebook(path)), CorruptFile);
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const unsigned char flip : {0x01, 0x80, 0xff}) {
            std::string bad = good;
            bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ flip);
            spill(path, bad);
            try {
                static_cast<void>(FastText::load_facebook(path));
            } catch (const Error&) {
            }
        }
    }
}

TEST(FacebookFile, SaysWhatItDoesNotSupport) {
    const test::TempDir folder;
    const auto expect_unsupported = [&](std::size_t offset, std::int32_t value) {
        std::string bytes = facebook_file();
        std::memcpy(bytes.data() + offset, &value, sizeof value);
        spill(folder.file("m.bin"), bytes);
        EXPECT_THROW(static_cast<void>(FastText::load_facebook(folder.file("m.bin"))), Unsupported) << offset;
    };
    expect_unsupported(4, 10);  // version
    expect_unsupported(32, 3);  // softmax
    expect_unsupported(36, 3);  // supervised
    expect_unsupported(72, 1);  // labels
    EXPECT_THROW(static_cast<void>(FastText::load_facebook(folder.file("none"))), IoError);
}

}  // namespace
}  // namespace kith
