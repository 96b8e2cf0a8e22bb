// FrozenPhrases as a text file: docs/formats.md.
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <kith/error.hpp>
#include <kith/phrases.hpp>

#include "base/format.hpp"
#include "storage/byte_sink.hpp"
#include "storage/stream_reader.hpp"

namespace kith {
namespace {

constexpr std::string_view kDelimiter = "#delimiter";
constexpr std::string_view kConnectors = "#connectors";

void check_text(const char* what, std::string_view text) {
    if (text.find_first_of("\t\r\n") == std::string_view::npos) return;
    throw InvalidArgument(formatted("the {} '{}' holds a tab or a line end: a phrases file cannot", what, text));
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    while (true) {
        const std::size_t tab = line.find('\t');
        fields.push_back(line.substr(0, tab));
        if (tab == std::string_view::npos) return fields;
        line.remove_prefix(tab + 1);
    }
}

// Whether all of `text` is a number, which is then in `value`.
template <class Number>
bool parse(std::string_view text, Number& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

class Reader {
public:
    explicit Reader(const std::string& path) : in_(path) {}

    FrozenPhrases read() {
        const std::vector<std::string> delimiter = header(kDelimiter);
        if (delimiter.size() != 1 || delimiter.front().empty()) fail("one delimiter", "another number of fields");
        const std::vector<std::string> connectors = header(kConnectors);
        std::vector<Phrase> phrases;
        while (next()) {
            const auto fields = fields_of(line_);
            double score = 0;
            std::uint64_t count = 0;
            if (fields.size() != 3 || !parse(fields[1], score) || std::isnan(score) || !parse(fields[2], count)) {
                fail("phrase, score and count between tabs", line_);
            }
            phrases.push_back({std::string(fields[0]), score, count});
        }
        try {
            return {phrases, delimiter.front(), connectors};
        } catch (const InvalidArgument& error) {
            fail("each phrase once", error.what());
        }
    }

private:
    bool next() {
        offset_ = in_.offset();
        const auto line = in_.line();
        if (line) line_ = *line;
        return line.has_value();
    }

    // The fields after `name` of the next line.
    std::vector<std::string> header(std::string_view name) {
        if (!next()) fail(name, "the end of the file");
        const auto fields = fields_of(line_);
        if (fields.front() != name) fail(name, line_);
        return {fields.begin() + 1, fields.end()};
    }

    [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
        constexpr std::size_t kShown = 80;
        throw CorruptFile(in_.path(), offset_, std::string(expected), formatted("'{}'", found.substr(0, kShown)));
    }

    storage::StreamReader in_;
    std::string line_;
    std::uint64_t offset_ = 0;
};

}  // namespace

void FrozenPhrases::save(const std::string& path) const {
    check_text("delimiter", delimiter());
    storage::ByteSink out(path);
    out.write(formatted("{}\t{}\n{}", kDelimiter, delimiter(), kConnectors));
    for (const std::string& word : connector_words()) {
        check_text("connector word", word);
        out.write(formatted("\t{}", word));
    }
    out.write("\n");
    for (const Phrase& phrase : phrases()) {
        check_text("phrase", phrase.text);
        out.write(formatted("{}\t{}\t{}\n", phrase.text, phrase.score, phrase.count));
    }
    out.commit();
}

FrozenPhrases FrozenPhrases::load(const std::string& path) {
    return Reader(path).read();
}

}  // namespace kith
