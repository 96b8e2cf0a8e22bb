// Files of vectors and evaluation files, as functions of _core.
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

#include "bind.hpp"
#include "convert.hpp"
#include "errors.hpp"
#include "interrupt.hpp"
#include "numbers.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

constexpr const char* kFormats = "the name of a format, as 'word2vec', or 'auto'";
constexpr const char* kRows = "a number of rows, or 0 for all";

VectorFormat to_format(nb::handle value) {
    const std::string text = to_text(value, "format", kFormats);
    return text == "auto" ? VectorFormat::kAuto : parse_vector_format(text);
}

TextHeader parse_header(nb::handle value) {
    const std::string text = to_text(value, "header", "'detect', 'present' or 'absent'");
    if (text == "detect") return TextHeader::kDetect;
    if (text == "present") return TextHeader::kPresent;
    if (text == "absent") return TextHeader::kAbsent;
    throw InvalidArgument("header = '" + text + "': one of 'detect', 'present', 'absent' is needed");
}

InvalidUtf8 parse_invalid_utf8(nb::handle value) {
    const std::string text = to_text(value, "invalid_utf8", "'throw', 'ignore', 'replace' or 'keep'");
    if (text == "throw") return InvalidUtf8::kThrow;
    if (text == "ignore") return InvalidUtf8::kIgnore;
    if (text == "replace") return InvalidUtf8::kReplace;
    if (text == "keep") return InvalidUtf8::kKeep;
    throw InvalidArgument("invalid_utf8 = '" + text + "': one of 'throw', 'ignore', 'replace', 'keep' is needed");
}

KeyedVectors read_interruptibly(nb::handle path, ReadOptions options, nb::handle progress) {
    const std::string name = to_path(path);
    KeyedVectors vectors;
    run_interruptibly(progress, [&](const ProgressFn& report) {
        options.progress = report;
        vectors = read_keyed_vectors(name, options);
    });
    return vectors;
}

nb::object read(nb::handle path, nb::handle limit, nb::handle progress) {
    ReadOptions options;
    options.limit = to_size(limit, "limit", kRows);
    return nb::cast(read_interruptibly(path, std::move(options), progress));
}

// The rows are what was read, not a copy, and may be written to: word2vec's formats are read into memory that nobody
// else looks at.
nb::object read_rows(nb::handle path, nb::handle binary, nb::handle limit, nb::handle header,
                     nb::handle invalid_utf8, nb::handle progress) {
    ReadOptions options;
    options.format = to_flag(binary, "binary") ? VectorFormat::kWord2vecBinary : VectorFormat::kWord2vecText;
    options.limit = to_size(limit, "limit", kRows);
    options.header = parse_header(header);
    options.invalid_utf8 = parse_invalid_utf8(invalid_utf8);
    std::vector<std::string> warnings;
    options.on_warning = [&](std::string_view message) { warnings.emplace_back(message); };
    KeyedVectors vectors = read_interruptibly(path, std::move(options), progress);
    nb::list keys;
    for (const std::string_view key : vectors.keys()) keys.append(to_str(key));
    nb::list messages;
    for (const std::string& warning : warnings) messages.append(to_str(warning));
    const MatrixView<const float> rows = vectors.vectors();
    const MatrixView<float> writable(const_cast<float*>(rows.data()), rows.rows(), rows.cols(), rows.stride());
    return nb::make_tuple(keys, view_matrix(writable, nb::cast(std::move(vectors))), messages);
}

void write(nb::handle path, nb::handle given, nb::handle format, nb::handle header, nb::handle prefix,
           nb::handle sort_by_count, nb::handle vocab_path) {
    const KeyedVectors& vectors = to_vectors(given, "vectors");
    WriteOptions options;
    options.format = to_format(format);
    options.header = to_flag(header, "header");
    options.prefix = to_text(prefix, "prefix");
    options.sort_by_count = to_flag(sort_by_count, "sort_by_count");
    if (!vocab_path.is_none()) options.vocab_path = to_path(vocab_path);
    const std::string name = to_path(path);
    const nb::gil_scoped_release unlocked;
    write_keyed_vectors(name, vectors, options);
}

nb::object to_dict(const AnalogySection& section) {
    nb::list correct;
    nb::list incorrect;
    for (const auto& question : section.questions) {
        (question.is_correct ? correct : incorrect)
            .append(nb::make_tuple(to_str(question.a), to_str(question.b), to_str(question.c),
                                   to_str(question.expected)));
    }
    nb::dict result;
    result["section"] = to_str(section.name);
    result["correct"] = correct;
    result["incorrect"] = incorrect;
    return result;
}

nb::object analogies(nb::handle given, nb::handle path, nb::handle restrict_vocab, nb::handle case_insensitive,
                     nb::handle dummy4unknown, nb::handle cosmul, nb::handle threads, nb::handle progress) {
    const KeyedVectors& vectors = to_vectors(given, "vectors");
    AnalogyOptions options;
    options.method = to_flag(cosmul, "cosmul") ? AnalogyMethod::kMultiply : AnalogyMethod::kAdd;
    options.restrict_vocab = to_size(restrict_vocab, "restrict_vocab", kRows);
    options.case_insensitive = to_flag(case_insensitive, "case_insensitive");
    options.dummy4unknown = to_flag(dummy4unknown, "dummy4unknown");
    options.threads = to_threads(threads);
    const std::string name = to_path(path);
    AnalogyReport report;
    run_interruptibly(progress, [&](const ProgressFn& tell) {
        options.progress = tell;
        report = evaluate_analogies(vectors, name, options);
    });
    nb::list sections;
    for (const AnalogySection& section : report.sections) sections.append(to_dict(section));
    return nb::make_tuple(report.total.accuracy(), sections, report.malformed_lines);
}

nb::object pairs(nb::handle given, nb::handle path, nb::handle delimiter, nb::handle restrict_vocab,
                 nb::handle case_insensitive, nb::handle dummy4unknown) {
    constexpr const char* kOneByte = "one character of ASCII, as '\\t'";
    const KeyedVectors& vectors = to_vectors(given, "vectors");
    const std::string between = to_text(delimiter, "delimiter", kOneByte);
    if (between.size() != 1) raise_wrong_value(delimiter, "delimiter", kOneByte);
    WordPairOptions options;
    options.delimiter = between.front();
    options.restrict_vocab = to_size(restrict_vocab, "restrict_vocab", kRows);
    options.case_insensitive = to_flag(case_insensitive, "case_insensitive");
    options.dummy4unknown = to_flag(dummy4unknown, "dummy4unknown");
    const std::string name = to_path(path);
    WordPairReport report;
    {
        const nb::gil_scoped_release unlocked;
        report = evaluate_word_pairs(vectors, name, options);
    }
    return nb::make_tuple(nb::make_tuple(report.pearson.coefficient, report.pearson.p_value),
                          nb::make_tuple(report.spearman.coefficient, report.spearman.p_value),
                          report.unknown_percent);
}

}  // namespace

void bind_vector_files(nb::module_& module) {
    module.def("read_keyed_vectors", read, "path"_a.none(), nb::kw_only(), "limit"_a.none() = 0,
               "progress"_a.none() = nb::none(), "Vectors with keys.");
    module.def("read_rows", read_rows, "path"_a.none(), nb::kw_only(), "binary"_a.none() = false,
               "limit"_a.none() = 0, "header"_a.none() = "detect", "invalid_utf8"_a.none() = "throw",
               "progress"_a.none() = nb::none(),
               "Keys, rows that may be written to, and what was odd about the file.");
    module.def("write_keyed_vectors", write, "path"_a.none(), "vectors"_a.none(), nb::kw_only(),
               "format"_a.none() = "auto", "header"_a.none() = true, "prefix"_a.none() = "",
               "sort_by_count"_a.none() = false, "vocab_path"_a.none() = nb::none(), "Writes vectors with keys.");
    module.def("evaluate_analogies", analogies, "vectors"_a.none(), "path"_a.none(), nb::kw_only(),
               "restrict_vocab"_a.none(), "case_insensitive"_a.none(), "dummy4unknown"_a.none(),
               "cosmul"_a.none() = false, "threads"_a.none() = 0, "progress"_a.none() = nb::none(),
               "Accuracy, sections, lines that were no question.");
    module.def("evaluate_word_pairs", pairs, "vectors"_a.none(), "path"_a.none(), nb::kw_only(),
               "delimiter"_a.none(), "restrict_vocab"_a.none(), "case_insensitive"_a.none(),
               "dummy4unknown"_a.none(),
               "Pearson's and Spearman's coefficient with p-value, percentage of unknown pairs.");
}

}  // namespace kith::python
