// What fuzzing found to reach the corners of the parsers, replayed: tests/hostile/fuzz.py --keep writes corpus.tar.gz.
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "hostile/subject.hpp"
#include "support/temp_dir.hpp"

namespace kith::hostile {
namespace {

TEST(Corpus, EveryFileIsRefusedOrAnsweredSanely) {
    const test::TempDir folder;
    const std::filesystem::path corpus(KITH_CORPUS_DIR);
    std::size_t files = 0;
    for (const auto& own : std::filesystem::directory_iterator(corpus)) {
        const Subject& under_test = subject(own.path().filename().string());
        for (const auto& file : std::filesystem::directory_iterator(own)) {
            const std::string copy = folder.file("input");
            std::filesystem::copy_file(file, copy, std::filesystem::copy_options::overwrite_existing);
            EXPECT_NO_THROW(under_test.use(copy)) << file.path();
            ++files;
        }
    }
    EXPECT_GT(files, 0U);
}

}  // namespace
}  // namespace kith::hostile
