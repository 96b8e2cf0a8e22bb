#include "training_options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include <kith/error.hpp>
#include <kith/vector_formats.hpp>

#include "options.hpp"
#include "output_file.hpp"
#include "text_format.hpp"

namespace kith::cli {
namespace {

constexpr const char* kModel = "Model";
constexpr const char* kText = "Text and vocabulary";
constexpr const char* kTraining = "Training";

template <class T>
CLI::Option* add_number(CLI::App& command, const char* group, const char* name, T& value, const char* what,
                        const char* type = "N") {
    return command.add_option(name, value, what)->group(group)->type_name(type)->capture_default_str();
}

}  // namespace

CLI::Option* add_switch(CLI::App& command, const std::string& name, bool& value, const std::string& what) {
    return command.add_option(name, value, what)->group(kModel)->type_name("0|1")->default_str(value ? "1" : "0");
}

void add_embedding_options(CLI::App& command, EmbeddingOptions& model) {
    add_number(command, kModel, "--vector-size,--size", model.vector_size, "Elements of a vector");
    add_number(command, kModel, "--window", model.window, "Words on either side that count as context");
    add_number(command, kModel, "--negative", model.negative, "Random words to tell from the true one; 0: none");
    add_switch(command, "--hs", model.hierarchical_softmax, "1: hierarchical softmax");
    add_switch(command, "--shrink-windows", model.shrink_windows, "1: each word draws its window from 1..window");
    add_number(command, kModel, "--ns-exponent", model.ns_exponent, "Random words are drawn by count to this power",
               "X");
}

void add_vocabulary_options(CLI::App& command, EmbeddingOptions& model, CorpusOptions& reading) {
    add_number(command, kText, "--min-count", model.min_count, "Leave out rarer words");
    add_number(command, kText, "--max-final-vocab", model.max_final_vocab,
               "At most so many words, by raising min-count; 0: no limit");
    add_number(command, kText, "--max-vocab-size", reading.max_vocab_size,
               "Different words to keep in memory while reading, forgetting rare ones; 0: no limit");
    add_number(command, kText, "--memory-limit", reading.memory_limit,
               "Bytes of text to keep in memory, 4 a word; beyond that it stays in a temporary file", "BYTES");
    add_number(command, kText, "--sample", model.sample,
               "Thin out words that make up more than this share; 0: none", "X");
}

void add_sentence_options(CLI::App& command, std::string& sentences, CorpusOptions& reading) {
    CLI::Option* option =
        command.add_option("--sentences", sentences, "What ends a sentence: the line, or nothing (none)");
    set_choices(option->group(kText)->capture_default_str(), {"line", "none"});
    add_number(command, kText, "--max-sentence-length", reading.max_sentence_length,
               "Cut longer sentences; no word is lost; 0: no limit", "WORDS");
}

void add_schedule_options(CLI::App& command, EmbeddingOptions& model) {
    add_number(command, kTraining, "--epochs,--iter", model.epochs, "Passes over the text");
    add_number(command, kTraining, "--alpha", model.alpha, "Learning rate at the start", "X");
    add_number(command, kTraining, "--min-alpha", model.min_alpha, "Learning rate at the end", "X");
    add_number(command, kTraining, "-j,--threads,--workers", model.threads,
               "Threads to use; 0 means one per core; only 1 gives the same result every time")
        ->check(in_range(0, 4096));
    add_number(command, kTraining, "--seed", model.seed, "Seed of the random numbers");
}

void add_known_vectors(CLI::App& command, std::string& vectors, float& lock_factor) {
    CLI::Option* option = command.add_option("--vectors", vectors, "Start from the vectors that this file has");
    option->group(kTraining)->type_name("FILE")->check(CLI::Validator(CLI::ExistingFile).description(""));
    add_number(command, kTraining, "--lock-factor", lock_factor,
               "How much those learn: 1 as the others do, 0 nothing", "X")
        ->needs(option);
}

void add_continuation(CLI::App& command, Continuation& continuation) {
    CLI::Option* option = command.add_option("--continue", continuation.model,
                                             "Go on with a model that --save-model wrote, with its options");
    option->group(kTraining)->type_name("FILE")->check(CLI::Validator(CLI::ExistingFile).description(""));
    for (CLI::Option* each : command.get_options()) {
        const std::string name = each->get_single_name();
        const bool rate = name == "epochs" || name == "alpha" || name == "min-alpha" || name == "threads";
        const bool text = name == "sentences" || name == "max-sentence-length" || name == "max-vocab-size" ||
                          name == "memory-limit" || name == "save-vocab";
        const bool of_model =
            each->get_group() == kModel || each->get_group() == kText || each->get_group() == kTraining;
        if (of_model && !rate && !text && each != option) option->excludes(each);
    }
    command
        .add_option("--add-words", continuation.add_words, "With --continue: 1: learns the text's new words too")
        ->group(kTraining)
        ->type_name("0|1")
        ->default_str("1")
        ->needs(option);
}

TrainingOptions given_schedule(const CLI::App& command, const EmbeddingOptions& model) {
    TrainingOptions schedule;
    if (command.count("--epochs") > 0) schedule.epochs = model.epochs;
    if (command.count("--alpha") > 0) schedule.start_alpha = model.alpha;
    if (command.count("--min-alpha") > 0) schedule.end_alpha = model.min_alpha;
    schedule.threads = model.threads;
    return schedule;
}

void add_architecture(CLI::App& command, bool& skip_gram, bool& cbow_mean) {
    add_switch(command, "--sg", skip_gram, "1: skip-gram (better for rare words); 0: CBOW (faster)");
    add_switch(command, "--cbow-mean", cbow_mean, "1: mean of the context; 0: its sum");
}

Corpus read_corpus(Session& session, const std::vector<std::string>& paths, const std::string& sentences,
                   CorpusOptions reading) {
    reading.sentence_break = sentences == "line" ? SentenceBreak::kLine : SentenceBreak::kNone;
    Corpus corpus = Corpus::read(paths, reading, session.meter.callback());
    say_corpus(session, corpus);
    return corpus;
}

void add_corpus(CLI::App& command, std::vector<std::string>& corpus, const std::string& what) {
    command.add_option("CORPUS", corpus, what)->type_name("");
}

void require_arguments(const std::vector<std::string>& corpus, const std::string& output) {
    if (corpus.empty()) throw CLI::RequiredError("CORPUS");
    if (output.empty()) throw CLI::RequiredError("--output");
}

void check_vector_output(const std::string& path) {
    check_output(path);
    if (format_of_name(path) != VectorFormat::kAuto) return;
    throw InvalidArgument(
        fmt::format("'{}': the ending does not name a format; use .kith, .bin or .txt, or .bin.gz, .txt.gz", path));
}

void say_corpus(Session& session, const Corpus& corpus) {
    session.say(fmt::format("read {} words, {} different, in {} sentences", with_commas(corpus.words()),
                            with_commas(corpus.types()), with_commas(corpus.sentences())));
}

void put_report(Output& out, const TrainingReport& report) {
    out.field("trained_words", count_cell(report.trained_words), "words trained");
    out.field("seconds", seconds_cell(report.seconds), "time in training");
    out.field("words_per_second", count_cell(static_cast<std::uint64_t>(report.words_per_second())), "words/s");
}

Table vocabulary_head(const Vocabulary& vocabulary, std::size_t rows) {
    Table table{{{"word", ""}, {"count", ""}}, {}};
    for (std::size_t row = 0; row < std::min(rows, vocabulary.size()); ++row) {
        table.rows.push_back({text_cell(vocabulary.word(row)), count_cell(vocabulary.count(row))});
    }
    return table;
}

}  // namespace kith::cli
