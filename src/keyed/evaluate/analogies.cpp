
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

#include "base/format.hpp"
#include "keyed/evaluate/analogy_search.hpp"
#include "keyed/evaluate/word_list.hpp"
#include "keyed/utf8.hpp"
#include "storage/stream_reader.hpp"

namespace kith {
namespace {

using keyed::Analogy;
using keyed::WordList;

constexpr double kReportInterval = 0.1;
constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
        if (line.empty()) return words;
        const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

std::string section_name(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(": "), line.size()));
    const std::size_t last = line.find_last_not_of(kBlanks);
    return std::string(line.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

// A question whose words are all known, and where it stands in the report.
struct Known {
    std::size_t section;
    std::size_t question;
};

struct Questions {
    AnalogyReport report;
    std::vector<Known> known;
    std::vector<Analogy> analogies;
};

void add_question(Questions& out, const std::vector<std::string_view>& line, const WordList& words,
                  const AnalogyOptions& options) {
    AnalogySection& section = out.report.sections.back();
    AnalogySection::Question question{.a = words.spell(line[0]),
                                      .b = words.spell(line[1]),
                                      .c = words.spell(line[2]),
                                      .expected = words.spell(line[3]),
                                      .predicted = {}};
    const auto a = words.row_of(question.a);
    const auto b = words.row_of(question.b);
    const auto c = words.row_of(question.c);
    if (a && b && c && words.row_of(question.expected)) {
        out.known.push_back({out.report.sections.size() - 1, section.questions.size()});
        out.analogies.push_back({*a, *b, *c});
    } else {
        ++section.unknown;
        if (!options.dummy4unknown) return;
        ++section.incorrect;
    }
    section.questions.push_back(std::move(question));
}

Questions read_questions(const std::string& path, const WordList& words, const AnalogyOptions& options) {
    Questions out;
    storage::StreamReader reader(path);
    for (;;) {
        const std::uint64_t offset = reader.offset();
        const std::optional<std::string_view> line = reader.line();
        if (!line) return out;
        const auto place = [&](std::string_view what) {
            return formatted("{} on line {}", what, reader.line_number());
        };
        if (const auto bad = keyed::find_invalid_utf8(*line)) {
            throw CorruptFile(path, offset + *bad, place("UTF-8"), "other bytes");
        }
        if (line->starts_with(": ")) {
            out.report.sections.push_back({.name = section_name(*line), .questions = {}});
            continue;
        }
        if (out.report.sections.empty()) {
            throw CorruptFile(path, offset, place("a section ': name' before the first question"),
                              formatted("'{}'", line->substr(0, 40)));
        }
        const std::vector<std::string_view> fields = words_of(*line);
        if (fields.size() == 4) {
            add_question(out, fields, words, options);
        } else if (!fields.empty()) {
            ++out.report.malformed_lines;
        }
    }
}

// The first candidate that is spelled as no word of the question; else the last of those looked at, as gensim has
// it.
std::string_view predict(const AnalogySection::Question& question, std::span<const std::size_t> candidates,
                         const WordList& words) {
    std::string_view predicted;
    for (const std::size_t row : candidates) {
        predicted = words.spelling_of(row);
        if (predicted != question.a && predicted != question.b && predicted != question.c) break;
    }
    return predicted;
}

class Meter {
public:
    Meter(const ProgressFn& progress, std::size_t questions) : progress_(progress), questions_(questions) {}

    void report(double share) {
        if (!progress_) return;
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
        if (seconds < next_ && share < 1) return;
        next_ = seconds + kReportInterval;
        const Progress progress{.stage = "evaluating",
                                .done = static_cast<std::uint64_t>(share * static_cast<double>(questions_)),
                                .total = questions_,
                                .seconds = seconds,
                                .seconds_left = share > 0 ? seconds * (1 - share) / share : -1,
                                .detail = {}};
        if (!progress_(progress)) throw Cancelled("the evaluation was cancelled");
    }

private:
    const ProgressFn& progress_;
    std::size_t questions_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    double next_ = 0;
};

}  // namespace

AnalogyReport evaluate_analogies(const KeyedVectors& vectors, const std::string& path,
                                 const AnalogyOptions& options) {
    const WordList words(vectors, options.restrict_vocab,
                         options.case_insensitive ? keyed::Spelling::kUpperCase : keyed::Spelling::kAsIs);
    Questions questions = read_questions(path, words, options);
    Meter meter(options.progress, questions.analogies.size());
    const std::vector<std::vector<std::size_t>> candidates =
        keyed::search_analogies(vectors, words.size(), questions.analogies, options.method, options.threads,
                                [&](double share) { meter.report(share); });
    AnalogyReport& report = questions.report;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        AnalogySection& section = report.sections[questions.known[i].section];
        AnalogySection::Question& question = section.questions[questions.known[i].question];
        question.predicted = predict(question, candidates[i], words);
        question.is_correct = question.predicted == question.expected;
        ++(question.is_correct ? section.correct : section.incorrect);
    }
    report.total.name = "Total accuracy";
    for (const AnalogySection& section : report.sections) {
        report.total.correct += section.correct;
        report.total.incorrect += section.incorrect;
        report.total.unknown += section.unknown;
    }
    return std::move(questions.report);
}

}  // namespace kith
