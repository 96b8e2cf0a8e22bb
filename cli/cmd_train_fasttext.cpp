#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/fasttext.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "training_options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct TrainFastTextCommandOptions {
    std::vector<std::string> corpus;
    std::string output;
    std::string save_model;
    std::string sentences = "line";
    bool skip_gram = false;
    CorpusOptions reading;
    FastTextOptions model;
    Continuation continuation;
    CommonOptions common;
};

bool is_own(const std::string& path) {
    return path.ends_with(".kith");
}

FastText open_model(const std::string& path) {
    return is_own(path) ? FastText::load(path) : FastText::load_facebook(path);
}

void save_model(const std::string& path, const FastText& model) {
    return is_own(path) ? model.save(path) : model.save_facebook(path);
}

void run_train_fasttext(TrainFastTextCommandOptions options, const CLI::App& command) {
    require_arguments(options.corpus, options.output);
    check_vector_output(options.output);
    if (!options.save_model.empty()) check_output(options.save_model);
    Session session(options.common);
    options.model.architecture = options.skip_gram ? Architecture::kSkipGram : Architecture::kCbow;
    options.reading.threads = options.model.threads;

    const Corpus corpus = read_corpus(session, options.corpus, options.sentences, options.reading);
    const auto [model, report] = train_model(session, options.continuation, &open_model, corpus, options.model,
                                             given_schedule(command, options.model));
    if (!options.save_model.empty()) save_model(options.save_model, model);
    const KeyedVectors vectors = model.vectors();
    write_keyed_vectors(options.output, vectors);
    session.meter.finish();

    Output& out = session.out;
    out.field("corpus_words", count_cell(corpus.words()), "words in the corpus");
    out.field("vocabulary", count_cell(vectors.size()), "vocabulary");
    out.field("dimensions", count_cell(vectors.dim()));
    put_report(out, report);
    if (!options.save_model.empty()) out.field("model_output", text_cell(options.save_model), "model written to");
    put_output_file(out, options.output);
    out.finish();
}

}  // namespace

void add_train_fasttext(CLI::App& train) {
    CLI::App* command = train.add_subcommand("fasttext", "Learn vectors of words from their parts (FastText)");
    auto options = std::make_shared<TrainFastTextCommandOptions>();
    add_corpus(*command, options->corpus,
               "Text files or folders of them, plain or .gz; words are separated by white space");
    add_output(*command, options->output, "Where the words' vectors go: .kith, .bin, .txt, .vec, or with .gz");
    command
        ->add_option("--save-model", options->save_model,
                     "Where the model goes, for --continue: a .kith file, or else in Facebook's .bin format")
        ->type_name("FILE");
    add_embedding_options(*command, options->model);
    add_architecture(*command, options->skip_gram, options->model.cbow_mean);
    const auto add_size = [&](const char* name, std::size_t& value, const char* what) {
        command->add_option(name, value, what)->group("Model")->type_name("N")->capture_default_str();
    };
    add_size("--min-n", options->model.min_n, "Shortest part of a word, in characters");
    add_size("--max-n", options->model.max_n, "Longest part of a word; 0: no parts");
    add_size("--bucket", options->model.bucket, "Vectors that all parts share");
    add_vocabulary_options(*command, options->model, options->reading);
    add_sentence_options(*command, options->sentences, options->reading);
    add_schedule_options(*command, options->model);
    add_continuation(*command, options->continuation);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith train fasttext text8 -o vectors.kith --save-model model.bin\n"
                 "kith train fasttext text8.gz -o vectors.vec --sg 1 --bucket 200000");
    command->callback([options, command] { run_train_fasttext(*options, *command); });
}

}  // namespace kith::cli
