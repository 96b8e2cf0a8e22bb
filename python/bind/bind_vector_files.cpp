// Files of vectors and evaluation files, as functions of _core.
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

#include "bind.hpp"
#include "convert.hpp"
#include "interrupt.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

TextHeader parse_header(const std::string& text) {
    if (text == "detect") return TextHeader::kDetect;
    if (text == "present") return TextHeader::kPresent;
    if (text == "absent") return TextHeader::kAbsent;
    throw InvalidArgument("header = '" + text + "': one of 'detect', 'present', 'absent' is needed");
}

InvalidUtf8 parse_invalid_utf8(const std::string& text) {
    if (text == "throw") return InvalidUtf8::kThrow;
    if (text == "ignore") return InvalidUtf8::kIgnore;
    if (text == "replace") return InvalidUtf8::kReplace;
    if (text == "keep") return InvalidUtf8::kKeep;
    throw InvalidArgument("invalid_utf8 = '" + text + "': one of 'throw', 'ignore', 'replace', 'keep' is needed");
}

nb::object read(nb::handle path, const std::string& format, std::size_t limit, const std::string& header,
                const std::string& invalid_utf8, nb::handle vocab_path, nb::handle progress) {
    ReadOptions options;
    options.format = format == "auto" ? VectorFormat::kAuto : parse_vector_format(format);
    options.limit = limit;
    options.header = parse_header(header);
    options.invalid_utf8 = parse_invalid_utf8(invalid_utf8);
    if (!vocab_path.is_none()) options.vocab_path = to_path(vocab_path);
    std::vector<std::string> warnings;
    options.on_warning = [&](std::string_view message) { warnings.emplace_back(message); };
    const std::string name = to_path(path);
    KeyedVectors vectors;
    run_interruptibly(progress, [&](const ProgressFn& report) {
        options.progress = report;
        vectors = read_keyed_vectors(name, options);
    });
    nb::list messages;
    for (const std::string& warning : warnings) messages.append(to_str(warning));
    return nb::make_tuple(nb::cast(std::move(vectors)), messages);
}

void write(nb::handle path, const KeyedVectors& vectors, const std::string& format, bool header,
           const std::string& prefix, bool sort_by_count, nb::handle vocab_path) {
    WriteOptions options;
    options.format = format == "auto" ? VectorFormat::kAuto : parse_vector_format(format);
    options.header = header;
    options.prefix = prefix;
    options.sort_by_count = sort_by_count;
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

nb::object analogies(const KeyedVectors& vectors, nb::handle path, std::size_t restrict_vocab,
                     bool case_insensitive, bool dummy4unknown, bool cosmul, std::size_t threads,
                     nb::handle progress) {
    AnalogyOptions options;
    options.method = cosmul ? AnalogyMethod::kMultiply : AnalogyMethod::kAdd;
    options.restrict_vocab = restrict_vocab;
    options.case_insensitive = case_insensitive;
    options.dummy4unknown = dummy4unknown;
    options.threads = threads;
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

nb::object pairs(const KeyedVectors& vectors, nb::handle path, char delimiter, std::size_t restrict_vocab,
                 bool case_insensitive, bool dummy4unknown) {
    WordPairOptions options;
    options.delimiter = delimiter;
    options.restrict_vocab = restrict_vocab;
    options.case_insensitive = case_insensitive;
    options.dummy4unknown = dummy4unknown;
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
    module.def("read_keyed_vectors", read, "path"_a, nb::kw_only(), "format"_a = "auto", "limit"_a = 0,
               "header"_a = "detect", "invalid_utf8"_a = "throw", "vocab_path"_a.none() = nb::none(),
               "progress"_a.none() = nb::none(), "Vectors with keys, and what was odd about the file.");
    module.def("write_keyed_vectors", write, "path"_a, "vectors"_a, nb::kw_only(), "format"_a = "auto",
               "header"_a = true, "prefix"_a = "", "sort_by_count"_a = false, "vocab_path"_a.none() = nb::none(),
               "Writes vectors with keys.");
    module.def("evaluate_analogies", analogies, "vectors"_a, "path"_a, nb::kw_only(), "restrict_vocab"_a,
               "case_insensitive"_a, "dummy4unknown"_a, "cosmul"_a = false, "threads"_a = 0,
               "progress"_a.none() = nb::none(), "Accuracy, sections, lines that were no question.");
    module.def("evaluate_word_pairs", pairs, "vectors"_a, "path"_a, nb::kw_only(), "delimiter"_a,
               "restrict_vocab"_a, "case_insensitive"_a, "dummy4unknown"_a,
               "Pearson's and Spearman's coefficient with p-value, percentage of unknown pairs.");
}

}  // namespace kith::python
