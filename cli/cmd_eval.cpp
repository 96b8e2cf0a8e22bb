#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

#include "commands.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "stopwatch.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct EvalCommandOptions {
    std::string vectors;
    std::vector<std::string> analogies;
    std::vector<std::string> pairs;
    std::size_t restrict_vocab = 300'000;
    bool case_sensitive = false;
    bool dummy = false;
    bool multiply = false;
    std::string delimiter = "\t";
    std::size_t limit = 0;
    std::size_t threads = 0;
    CommonOptions common;
};

// The usual sets, where KITH_DATA_DIR has them.
void add_default_sets(EvalCommandOptions& options) {
    const char* folder = std::getenv("KITH_DATA_DIR");
    if (folder == nullptr) return;
    const auto path_of = [&](const char* name) { return (std::filesystem::path(folder) / "eval" / name).string(); };
    const auto add = [&](std::vector<std::string>& files, const char* name) {
        if (std::filesystem::exists(path_of(name))) files.push_back(path_of(name));
    };
    add(options.analogies, "questions-words.txt");
    add(options.pairs, "wordsim353.tsv");
    add(options.pairs, "simlex999.txt");
}

std::vector<Cell> section_row(const AnalogySection& section) {
    return {text_cell(section.name), percent_cell(section.accuracy()), count_cell(section.correct),
            count_cell(section.correct + section.incorrect), count_cell(section.unknown)};
}

void evaluate_file_of_analogies(Session& session, const KeyedVectors& vectors, const std::string& path,
                                const EvalCommandOptions& options) {
    AnalogyOptions how;
    how.method = options.multiply ? AnalogyMethod::kMultiply : AnalogyMethod::kAdd;
    how.restrict_vocab = options.restrict_vocab;
    how.case_insensitive = !options.case_sensitive;
    how.dummy4unknown = options.dummy;
    how.threads = options.threads;
    how.progress = session.meter.callback();
    const Stopwatch watch;
    const AnalogyReport report = evaluate_analogies(vectors, path, how);
    session.meter.finish();
    Table table{{{"section", ""}, {"accuracy", ""}, {"correct", ""}, {"questions", "of"}, {"unknown", ""}}, {}};
    for (const AnalogySection& section : report.sections) table.rows.push_back(section_row(section));
    table.rows.push_back(section_row(report.total));
    table.rows.back().front() = text_cell("all");
    Output& out = session.out;
    out.section(std::filesystem::path(path).filename().string(), path);
    out.table("sections", table);
    out.json_only("accuracy", report.total.accuracy());
    if (report.malformed_lines > 0)
        out.field("malformed_lines", count_cell(report.malformed_lines), "lines skipped");
    out.field("seconds", seconds_cell(watch.seconds()), "time");
}

void evaluate_file_of_pairs(Session& session, const KeyedVectors& vectors, const std::string& path,
                            const EvalCommandOptions& options) {
    WordPairOptions how;
    if (options.delimiter.size() != 1) throw InvalidArgument("--delimiter: give one character");
    how.delimiter = options.delimiter[0];
    how.restrict_vocab = options.restrict_vocab;
    how.case_insensitive = !options.case_sensitive;
    how.dummy4unknown = options.dummy;
    const WordPairReport report = evaluate_word_pairs(vectors, path, how);
    Output& out = session.out;
    out.section(std::filesystem::path(path).filename().string(), path);
    out.field("spearman", real_cell(report.spearman.coefficient));
    out.field("pearson", real_cell(report.pearson.coefficient));
    out.field("pairs", count_cell(report.pairs));
    out.field("unknown", count_cell(report.unknown), "unknown pairs");
    if (report.malformed_lines > 0)
        out.field("malformed_lines", count_cell(report.malformed_lines), "lines skipped");
}

void run_eval(EvalCommandOptions options) {
    if (options.analogies.empty() && options.pairs.empty()) add_default_sets(options);
    if (options.analogies.empty() && options.pairs.empty()) {
        throw InvalidArgument(
            "nothing to evaluate with: give --analogies or --pairs, or set KITH_DATA_DIR to a folder with "
            "eval/questions-words.txt, eval/wordsim353.tsv and eval/simlex999.txt");
    }
    Session session(options.common);
    const KeyedVectors vectors = load_vectors(session, options.vectors, options.limit, options.threads);
    session.out.field("vectors", text_cell(options.vectors));
    session.out.field("words", count_cell(vectors.size()));
    for (const std::string& path : options.analogies) evaluate_file_of_analogies(session, vectors, path, options);
    for (const std::string& path : options.pairs) {
        throw_if_interrupted();
        evaluate_file_of_pairs(session, vectors, path, options);
    }
    session.out.finish();
}

}  // namespace

void add_eval(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("eval", "Test vectors with analogies and human judgements of similarity");
    auto options = std::make_shared<EvalCommandOptions>();
    add_word_vectors(*command, options->vectors);
    command
        ->add_option("--analogies", options->analogies,
                     "Questions \"a b c d\" under \": section\" lines, such as questions-words.txt")
        ->type_name("FILE");
    command->add_option("--pairs", options->pairs, "Lines of two words and a score, such as wordsim353.tsv")
        ->type_name("FILE");
    command->add_option("--restrict-vocab", options->restrict_vocab, "Use the first N words only; 0 means all")
        ->type_name("N")
        ->capture_default_str();
    command->add_flag("--case-sensitive", options->case_sensitive, "Words that differ in case are different");
    command->add_flag("--dummy4unknown", options->dummy, "Unknown words count as wrong instead of being skipped");
    command->add_flag("--cosmul", options->multiply, "Analogies by 3CosMul instead of 3CosAdd");
    command
        ->add_option("--delimiter", options->delimiter, "Between the fields of --pairs files; a tab if not given")
        ->type_name("CHAR");
    add_limit(*command, options->limit);
    add_threads(*command, options->threads);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith eval vectors.bin --analogies questions-words.txt --pairs wordsim353.tsv\n"
                 "KITH_DATA_DIR=data kith eval vectors.kith --restrict-vocab 30000");
    command->callback([options] { run_eval(*options); });
}

}  // namespace kith::cli
