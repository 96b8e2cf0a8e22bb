// Small real inputs for the tests of the commands: the start of text8 and the most frequent words of GloVe.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "demo_corpus.hpp"
#include "program.hpp"
#include "support/data.hpp"

namespace kith::test {

// The first `bytes` of text8 in `path`. REQUIRES: text8.prefix.gz is among the data.
inline void write_small_corpus(const std::string& path, std::size_t bytes = 400'000) {
    spill(path, cli::read_text_start(data_path("text8.prefix.gz"), bytes));
}

// The first `rows` lines of GloVe in `path`. REQUIRES: glove.6B.50d.txt.gz is among the data.
inline void write_small_glove(const std::string& path, std::size_t rows = 3000) {
    const std::string text = cli::read_text_start(data_path("glove.6B.50d.txt.gz"), rows * 600);
    std::size_t end = 0;
    for (std::size_t i = 0; i < rows; ++i) end = text.find('\n', end) + 1;
    spill(path, text.substr(0, end));
}

}  // namespace kith::test

#define KITH_NEED_TEXT8()                     \
    KITH_NEED_DATA(text8, "text8.prefix.gz"); \
    (void)text8
#define KITH_NEED_GLOVE()                         \
    KITH_NEED_DATA(glove, "glove.6B.50d.txt.gz"); \
    (void)glove
