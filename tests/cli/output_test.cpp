#include "output.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

Table neighbors() {
    return {{{"word", ""}, {"cosine", "cos"}},
            {{text_cell("fiction"), real_cell(0.76045680046)}, {text_cell("naïve"), real_cell(-0.5)}}};
}

// What a command that says the same things prints in one of the formats.
std::string print(Output::Format format) {
    char* bytes = nullptr;
    std::size_t size = 0;
    std::FILE* stream = open_memstream(&bytes, &size);
    Output out(stream, format);
    out.note("prose");
    out.field("words", count_cell(71290));
    out.section("near", "Near");
    out.table("neighbors", neighbors());
    out.finish();
    std::fclose(stream);
    std::string text(bytes, size);
    std::free(bytes);
    return text;
}

TEST(Output, TablesAlignTextLeftAndNumbersRight) {
    EXPECT_EQ(format_table(neighbors()),
              "word         cos\n"
              "fiction   0.7605\n"
              "naïve    -0.5000\n");
}

TEST(Output, TextShowsEverythingAsItComes) {
    EXPECT_EQ(print(Output::Format::kText),
              "prose\n"
              "words                   71,290\n"
              "\nNear\n----\n" +
                  format_table(neighbors()));
}

TEST(Output, JsonIsOneDocumentWithExactNumbers) {
    const Json document = Json::parse(print(Output::Format::kJson));
    EXPECT_EQ(document.at("words"), 71290);
    EXPECT_EQ(document.at("near").at("neighbors").size(), 2U);
    EXPECT_EQ(document.at("near").at("neighbors")[0].at("word"), "fiction");
    EXPECT_EQ(document.at("near").at("neighbors")[0].at("cosine"), 0.76045680046);
    EXPECT_FALSE(document.contains("prose"));
}

TEST(Output, BytesThatAreNotUtf8StillMakeValidJson) {
    char* bytes = nullptr;
    std::size_t size = 0;
    std::FILE* stream = open_memstream(&bytes, &size);
    Output out(stream, Output::Format::kJson);
    out.field("word", text_cell("caf\xE9"));
    out.finish();
    std::fclose(stream);
    EXPECT_EQ(Json::parse(bytes).at("word"), "caf\uFFFD");
    std::free(bytes);
}

TEST(Output, AFullDiskIsAnError) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> full(std::fopen("/dev/full", "w"), &std::fclose);
    if (full == nullptr) GTEST_SKIP() << "needs /dev/full";
    Output out(full.get(), Output::Format::kJson);
    out.field("words", count_cell(1));
    EXPECT_THROW(out.finish(), IoError);
}

}  // namespace
}  // namespace kith::cli
