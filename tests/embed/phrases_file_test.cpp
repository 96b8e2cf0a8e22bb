#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/phrases.hpp>

#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith {
namespace {

using test::write_bytes;

TEST(PhrasesFile, ReadsBackWhatItWrote) {
    const test::TempDir folder;
    const std::vector<Phrase> phrases = {{"new_york", 0.1, 7}, {"bank_of_america", 1e300, 2}, {"#x_y", -3, 1}};
    const std::vector<std::string> connectors = {"of", "the"};
    const FrozenPhrases written(phrases, "_", connectors);
    for (const char* name : {"p.txt", "p.txt.gz"}) {
        written.save(folder.file(name));
        const FrozenPhrases read = FrozenPhrases::load(folder.file(name));
        EXPECT_EQ(read.delimiter(), "_");
        EXPECT_EQ(read.connector_words(), connectors);
        ASSERT_EQ(read.size(), 3U);
        for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_EQ(read.phrases()[i].text, written.phrases()[i].text);
            EXPECT_EQ(read.phrases()[i].score, written.phrases()[i].score);
            EXPECT_EQ(read.phrases()[i].count, written.phrases()[i].count);
        }
    }
    FrozenPhrases().save(folder.file("none.txt"));
    EXPECT_EQ(FrozenPhrases::load(folder.file("none.txt")).size(), 0U);
}

TEST(PhrasesFile, RefusesWhatIsNoPhrasesFileAndSaysWhere) {
    const test::TempDir folder;
    const std::string head = "#delimiter\t_\n#connectors\tof\n";
    for (const std::string& text :
         {std::string(), std::string("new_york\t1\t2\n"), std::string("#delimiter\n#connectors\n"),
          std::string("#delimiter\t_\n"), head + "a_b\t1\n", head + "a_b\tx\t2\n", head + "a_b\tnan\t2\n",
          head + "a_b\t1\t-2\n", head + "a_b\t1\t2\na_b\t1\t2\n"}) {
        write_bytes(folder.file("p.txt"), text);
        EXPECT_THROW(static_cast<void>(FrozenPhrases::load(folder.file("p.txt"))), CorruptFile) << text;
    }
    write_bytes(folder.file("p.txt"), head + "a_b\t1\n");
    try {
        static_cast<void>(FrozenPhrases::load(folder.file("p.txt")));
    } catch (const CorruptFile& error) {
        EXPECT_EQ(error.offset(), head.size());
    }
    EXPECT_THROW(static_cast<void>(FrozenPhrases::load(folder.file("none"))), IoError);
}

TEST(PhrasesFile, RefusesToWriteWhatWouldNotReadBack) {
    const test::TempDir folder;
    const std::vector<Phrase> tab = {{"a\tb", 1, 1}};
    EXPECT_THROW(FrozenPhrases(tab, "_").save(folder.file("p.txt")), InvalidArgument);
    EXPECT_THROW(FrozenPhrases(tab, "\n").save(folder.file("p.txt")), InvalidArgument);
    EXPECT_THROW(FrozenPhrases(tab, ""), InvalidArgument);
    const std::vector<Phrase> twice = {{"a_b", 1, 1}, {"a_b", 2, 1}};
    EXPECT_THROW(FrozenPhrases(twice, "_"), InvalidArgument);
    EXPECT_FALSE(std::ifstream(folder.file("p.txt")).good());
}

}  // namespace
}  // namespace kith
