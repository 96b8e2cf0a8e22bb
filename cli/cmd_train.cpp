#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>
#include <kith/word2vec.hpp>

#include "commands.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "training_options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct TrainCommandOptions {
    std::vector<std::string> corpus;
    std::string output;
    std::string save_model;
    std::string save_vocab;
    std::string sentences = "line";
    bool skip_gram = false;
    CorpusOptions reading;
    Word2VecOptions model;
    std::string vectors;
    float lock_factor = 0;
    Continuation continuation;
    CommonOptions common;
};

// What --vectors names; nothing when it was not given.
KeyedVectors read_known(Session& session, const TrainCommandOptions& options) {
    if (options.vectors.empty()) return KeyedVectors();
    KeyedVectors known = load_vectors(session, options.vectors, 0, options.model.threads);
    if (options.continuation.model.empty() && known.dim() != options.model.vector_size) {
        throw InvalidArgument(fmt::format("'{}' holds vectors of {} elements; --vector-size is {}", options.vectors,
                                          known.dim(), options.model.vector_size));
    }
    return known;
}

void run_train(TrainCommandOptions options, const CLI::App& command) {
    require_arguments(options.corpus, options.output);
    check_vector_output(options.output);
    if (!options.save_model.empty()) check_output(options.save_model);
    Session session(options.common);
    options.model.architecture = options.skip_gram ? Architecture::kSkipGram : Architecture::kCbow;
    options.reading.threads = options.model.threads;

    KeyedVectors known = read_known(session, options);
    Corpus corpus = read_corpus(session, options.corpus, options.sentences, options.reading);
    std::size_t taken = 0;
    const auto prepare = [&](Word2Vec& fresh) {
        taken = fresh.intersect(known, options.lock_factor);
        known = KeyedVectors();
    };
    auto [model, report] = train_model<Word2Vec>(session, options.continuation, &Word2Vec::open, corpus,
                                                 options.model, given_schedule(command, options.model), prepare);
    if (!options.save_model.empty()) model.save(options.save_model);
    const Vocabulary vocabulary = model.vocabulary();
    const std::uint64_t corpus_words = corpus.words();
    corpus = Corpus();
    const KeyedVectors vectors = std::move(model).vectors();
    WriteOptions writing;
    writing.vocab_path = options.save_vocab;
    write_keyed_vectors(options.output, vectors, writing);
    session.meter.finish();

    Output& out = session.out;
    out.field("corpus_words", count_cell(corpus_words), "words in the corpus");
    out.field("vocabulary", count_cell(vectors.size()), "vocabulary");
    out.field("min_count", count_cell(vocabulary.effective_min_count()), "min count");
    out.field("dimensions", count_cell(vectors.dim()));
    if (!options.vectors.empty()) out.field("taken_vectors", count_cell(taken), "vectors taken");
    put_report(out, report);
    if (!options.save_model.empty()) out.field("model_output", text_cell(options.save_model), "model written to");
    put_output_file(out, options.output);
    if (out.is_json()) out.table("most_frequent", vocabulary_head(vocabulary, 10));
    out.finish();
}

}  // namespace

void add_train(CLI::App& app) {
    CLI::App* command = app.add_subcommand("train", "Learn vectors from text: of words, documents or subwords");
    auto options = std::make_shared<TrainCommandOptions>();
    add_corpus(*command, options->corpus,
               "Text files or folders of them, plain or .gz; words are separated by white space");
    add_output(*command, options->output, "Where the vectors go: .kith, .bin, .txt, .bin.gz or .txt.gz");
    command->add_option("--save-model", options->save_model, "Where the model goes, a .kith file, for --continue")
        ->type_name("FILE");
    add_embedding_options(*command, options->model);
    add_architecture(*command, options->skip_gram, options->model.cbow_mean);
    add_vocabulary_options(*command, options->model, options->reading);
    add_sentence_options(*command, options->sentences, options->reading);
    command->add_option("--save-vocab", options->save_vocab, "Also write the words with their counts")
        ->group("Text and vocabulary")
        ->type_name("FILE");
    add_schedule_options(*command, options->model);
    add_continuation(*command, options->continuation);
    add_known_vectors(*command, options->vectors, options->lock_factor);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith train text8 -o vectors.kith\n"
                 "kith train text8.gz -o vectors.bin --sg 1 --alpha 0.05 --sample 1e-4\n"
                 "kith train news/ -o vectors.txt.gz --vector-size 300 --window 10 --min-count 20\n"
                 "kith train more.txt -o vectors.kith --continue model.kith --save-model model.kith\n"
                 "kith train notes.txt -o vectors.kith --vectors glove.6B.100d.txt --lock-factor 1\n"
                 "kith train doc2vec articles.txt -o documents.kith\n"
                 "kith train fasttext text8 -o vectors.kith");
    command->require_subcommand(0, 1);
    add_train_doc2vec(*command);
    add_train_fasttext(*command);
    command->callback([options, command] {
        if (command->get_subcommands().empty()) run_train(*options, *command);
    });
}

}  // namespace kith::cli
