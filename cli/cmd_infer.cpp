#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/doc2vec.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "stopwatch.hpp"
#include "training_options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct InferCommandOptions {
    std::string model;
    std::vector<std::string> corpus;
    std::string output;
    std::size_t epochs = 0;
    double alpha = 0;
    double min_alpha = 0;
    std::uint64_t seed = 0;
    CLI::Option* epochs_given = nullptr;
    CLI::Option* alpha_given = nullptr;
    CLI::Option* min_alpha_given = nullptr;
    CLI::Option* seed_given = nullptr;
    CorpusOptions reading;
    CommonOptions common;
};

InferenceOptions inference_options(const InferCommandOptions& options) {
    InferenceOptions inference;
    if (*options.epochs_given) inference.epochs = options.epochs;
    if (*options.alpha_given) inference.start_alpha = options.alpha;
    if (*options.min_alpha_given) inference.end_alpha = options.min_alpha;
    if (*options.seed_given) inference.seed = options.seed;
    inference.threads = options.reading.threads;
    return inference;
}

void run_infer(InferCommandOptions options) {
    check_vector_output(options.output);
    Session session(options.common);
    const Doc2Vec model = Doc2Vec::load(options.model);
    options.reading.sentence_break = SentenceBreak::kEveryLine;
    const Corpus corpus = Corpus::read(options.corpus, options.reading, session.meter.callback());
    say_corpus(session, corpus);
    const Stopwatch watch;
    const Matrix vectors = model.infer(corpus, inference_options(options), session.meter.callback());
    const double seconds = watch.seconds();
    std::vector<std::string> keys(vectors.rows());
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = std::to_string(i);
    write_keyed_vectors(options.output, KeyedVectors(keys, vectors.view()));
    session.meter.finish();

    Output& out = session.out;
    out.field("documents", count_cell(vectors.rows()));
    out.field("corpus_words", count_cell(corpus.words()), "words in them");
    out.field("dimensions", count_cell(vectors.cols()));
    out.field("seconds", seconds_cell(seconds), "time to infer");
    put_output_file(out, options.output);
    out.finish();
}

}  // namespace

void add_infer(CLI::App& app) {
    CLI::App* command = app.add_subcommand("infer", "Give vectors to documents that a Doc2Vec model has not seen");
    auto options = std::make_shared<InferCommandOptions>();
    command->add_option("MODEL", options->model, "A model from kith train doc2vec --save-model")
        ->required()
        ->type_name("");
    add_corpus(*command, options->corpus, "Text files or folders of them, plain or .gz; a document on each line");
    command->get_option("CORPUS")->required();
    add_output(*command, options->output,
               "Where the vectors go, by line number: .kith, .bin, .txt, .bin.gz, .txt.gz")
        ->required();
    options->epochs_given =
        command->add_option("--epochs", options->epochs, "Passes; the model's if not given; more are more stable")
            ->type_name("N");
    options->alpha_given =
        command->add_option("--alpha", options->alpha, "Learning rate at the start; the model's if not given")
            ->type_name("X");
    options->min_alpha_given =
        command->add_option("--min-alpha", options->min_alpha, "Learning rate at the end; the model's if not given")
            ->type_name("X");
    options->seed_given =
        command->add_option("--seed", options->seed, "Seed of the random numbers; the model's if not given")
            ->type_name("N");
    add_threads(*command, options->reading.threads);
    add_common(*command, options->common);
    set_examples(*command, "kith infer articles.model.kith new.txt -o new.kith --epochs 50");
    command->callback([options] { run_infer(*options); });
}

}  // namespace kith::cli
