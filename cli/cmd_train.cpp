#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>
#include <kith/word2vec.hpp>

#include "commands.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "text_format.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct Options {
    std::vector<std::string> corpus;
    std::string output;
    std::string save_vocab;
    std::string sentences = "line";
    bool skip_gram = false;
    CorpusOptions reading;
    Word2VecOptions model;
    CommonOptions common;
};

Table vocabulary_head(const Vocabulary& vocabulary, std::size_t rows) {
    Table table{{{"word", ""}, {"count", ""}}, {}};
    for (std::size_t row = 0; row < std::min(rows, vocabulary.size()); ++row) {
        table.rows.push_back({text_cell(vocabulary.word(row)), count_cell(vocabulary.count(row))});
    }
    return table;
}

void run(Options options) {
    check_output(options.output);
    if (format_of_name(options.output) == VectorFormat::kAuto) {
        throw InvalidArgument(
            fmt::format("'{}': the ending does not name a format; use .kith, .bin or .txt, or .bin.gz, .txt.gz",
                        options.output));
    }
    Session session(options.common);
    options.model.architecture = options.skip_gram ? Architecture::kSkipGram : Architecture::kCbow;
    options.reading.sentence_break = options.sentences == "line" ? SentenceBreak::kLine : SentenceBreak::kNone;
    options.reading.threads = options.model.threads;

    const Corpus corpus = Corpus::read(options.corpus, options.reading, session.meter.callback());
    session.say(fmt::format("read {} words, {} different, in {} sentences", with_commas(corpus.words()),
                            with_commas(corpus.types()), with_commas(corpus.sentences())));
    const Word2Vec model = Word2Vec::train(corpus, options.model, session.meter.callback());
    const KeyedVectors vectors = model.vectors();
    WriteOptions writing;
    writing.vocab_path = options.save_vocab;
    write_keyed_vectors(options.output, vectors, writing);
    session.meter.finish();

    const TrainingReport& report = model.report();
    Output& out = session.out;
    out.field("corpus_words", count_cell(corpus.words()), "words in the corpus");
    out.field("vocabulary", count_cell(vectors.size()), "vocabulary");
    out.field("min_count", count_cell(model.vocabulary().effective_min_count()), "min count");
    out.field("dimensions", count_cell(vectors.dim()));
    out.field("trained_words", count_cell(report.trained_words), "words trained");
    out.field("seconds", seconds_cell(report.seconds), "time in training");
    out.field("words_per_second", count_cell(static_cast<std::uint64_t>(report.words_per_second())), "words/s");
    out.field("output", text_cell(options.output), "written to");
    out.field("output_bytes", bytes_cell(static_cast<double>(file_size(options.output))), "size");
    if (out.is_json()) out.table("most_frequent", vocabulary_head(model.vocabulary(), 10));
    out.finish();
}

void add_model_options(CLI::App& command, Options& options) {
    const char* group = "Model";
    Word2VecOptions& model = options.model;
    command.add_option("--vector-size,--size", model.vector_size, "Elements of a vector")
        ->group(group)
        ->type_name("N")
        ->capture_default_str();
    command.add_option("--sg", options.skip_gram, "1: skip-gram (better for rare words); 0: CBOW (faster)")
        ->group(group)
        ->type_name("0|1")
        ->default_str("0");
    command.add_option("--window", model.window, "Words on either side that count as context")
        ->group(group)
        ->type_name("N")
        ->capture_default_str();
    command.add_option("--negative", model.negative, "Random words to tell from the true one; 0: none")
        ->group(group)
        ->type_name("N")
        ->capture_default_str();
    command.add_option("--hs", model.hierarchical_softmax, "1: hierarchical softmax")
        ->group(group)
        ->type_name("0|1")
        ->default_str("0");
    command.add_option("--cbow-mean", model.cbow_mean, "1: mean of the context; 0: its sum")
        ->group(group)
        ->type_name("0|1")
        ->default_str("1");
    command.add_option("--shrink-windows", model.shrink_windows, "1: each word draws its window from 1..window")
        ->group(group)
        ->type_name("0|1")
        ->default_str("1");
    command.add_option("--ns-exponent", model.ns_exponent, "Random words are drawn by count to this power")
        ->group(group)
        ->type_name("X")
        ->capture_default_str();
}

void add_text_options(CLI::App& command, Options& options) {
    const char* group = "Text and vocabulary";
    command.add_option("--min-count", options.model.min_count, "Leave out rarer words")
        ->group(group)
        ->type_name("N")
        ->capture_default_str();
    command
        .add_option("--max-final-vocab", options.model.max_final_vocab,
                    "At most so many words, by raising min-count; 0: no limit")
        ->group(group)
        ->type_name("N")
        ->capture_default_str();
    command
        .add_option("--max-vocab-size", options.reading.max_vocab_size,
                    "Different words to keep in memory while reading, forgetting rare ones; 0: no limit")
        ->group(group)
        ->type_name("N")
        ->capture_default_str();
    command
        .add_option("--sample", options.model.sample, "Thin out words that make up more than this share; 0: none")
        ->group(group)
        ->type_name("X")
        ->capture_default_str();
    CLI::Option* sentences =
        command.add_option("--sentences", options.sentences, "What ends a sentence: the line, or nothing (none)");
    set_choices(sentences->group(group)->capture_default_str(), {"line", "none"});
    command
        .add_option("--max-sentence-length", options.reading.max_sentence_length,
                    "Cut longer sentences; no word is lost; 0: no limit")
        ->group(group)
        ->type_name("WORDS")
        ->capture_default_str();
    command.add_option("--save-vocab", options.save_vocab, "Also write the words with their counts")
        ->group(group)
        ->type_name("FILE");
}

void add_training_options(CLI::App& command, Options& options) {
    const char* group = "Training";
    Word2VecOptions& model = options.model;
    command.add_option("--epochs,--iter", model.epochs, "Passes over the text")
        ->group(group)
        ->type_name("N")
        ->capture_default_str();
    command.add_option("--alpha", model.alpha, "Learning rate at the start")
        ->group(group)
        ->type_name("X")
        ->capture_default_str();
    command.add_option("--min-alpha", model.min_alpha, "Learning rate at the end")
        ->group(group)
        ->type_name("X")
        ->capture_default_str();
    command
        .add_option("-j,--threads,--workers", model.threads,
                    "Threads to use; 0 means one per core; only 1 gives the same result every time")
        ->group(group)
        ->type_name("N")
        ->check(in_range(0, 4096))
        ->capture_default_str();
    command.add_option("--seed", model.seed, "Seed of the random numbers")
        ->group(group)
        ->type_name("N")
        ->capture_default_str();
}

}  // namespace

void add_train(CLI::App& app) {
    CLI::App* command = app.add_subcommand("train", "Learn word vectors from text (Word2Vec)");
    auto options = std::make_shared<Options>();
    command
        ->add_option("CORPUS", options->corpus,
                     "Text files or folders of them, plain or .gz; words are separated by white space")
        ->required()
        ->type_name("");
    add_output(*command, options->output, "Where the vectors go: .kith, .bin, .txt, .bin.gz or .txt.gz")
        ->required();
    add_model_options(*command, *options);
    add_text_options(*command, *options);
    add_training_options(*command, *options);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith train text8 -o vectors.kith\n"
                 "kith train text8.gz -o vectors.bin --sg 1 --alpha 0.05 --sample 1e-4\n"
                 "kith train news/ -o vectors.txt.gz --vector-size 300 --window 10 --min-count 20");
    command->callback([options] { run(*options); });
}

}  // namespace kith::cli
