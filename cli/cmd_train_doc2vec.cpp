#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include <kith/doc2vec.hpp>
#include <kith/error.hpp>
#include <kith/tagged_corpus.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "training_options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct TrainDoc2VecCommandOptions {
    std::vector<std::string> corpus;
    std::string output;
    std::string save_words;
    std::string save_model;
    bool tagged = false;
    bool memory = true;
    bool mean = true;
    bool concatenated = false;
    CorpusOptions reading;
    Doc2VecOptions model;
    Continuation continuation;
    CommonOptions common;
};

void run_train_doc2vec(TrainDoc2VecCommandOptions options, const CLI::App& command) {
    require_arguments(options.corpus, options.output);
    check_vector_output(options.output);
    if (!options.save_words.empty()) check_vector_output(options.save_words);
    if (!options.save_model.empty()) check_output(options.save_model);
    Session session(options.common);
    options.model.model = options.memory ? DocumentModel::kDistributedMemory : DocumentModel::kBagOfWords;
    options.model.combination = options.mean ? Combination::kMean : Combination::kSum;
    if (options.concatenated) options.model.combination = Combination::kConcatenated;
    options.reading.threads = options.model.threads;

    const TaggedCorpus corpus =
        TaggedCorpus::read(options.corpus, options.tagged ? TagSource::kFirstField : TagSource::kLineNumber,
                           options.reading, session.meter.callback());
    say_corpus(session, corpus.text());
    const auto [model, report] = train_model(session, options.continuation, &Doc2Vec::load, corpus, options.model,
                                             given_schedule(command, options.model));
    if (!options.save_model.empty()) model.save(options.save_model);
    if (!options.save_words.empty()) write_keyed_vectors(options.save_words, model.word_vectors());
    const KeyedVectors vectors = model.document_vectors();
    write_keyed_vectors(options.output, vectors);
    session.meter.finish();

    Output& out = session.out;
    out.field("documents", count_cell(corpus.documents()));
    out.field("tags", count_cell(vectors.size()));
    out.field("corpus_words", count_cell(corpus.text().words()), "words in the corpus");
    out.field("vocabulary", count_cell(model.vocabulary().size()));
    out.field("dimensions", count_cell(vectors.dim()));
    put_report(out, report);
    if (!options.save_words.empty()) out.field("words_output", text_cell(options.save_words), "words written to");
    if (!options.save_model.empty()) out.field("model_output", text_cell(options.save_model), "model written to");
    put_output_file(out, options.output);
    out.finish();
}

}  // namespace

void add_train_doc2vec(CLI::App& train) {
    CLI::App* command = train.add_subcommand("doc2vec", "Learn vectors of documents (Doc2Vec)");
    auto options = std::make_shared<TrainDoc2VecCommandOptions>();
    add_corpus(*command, options->corpus, "Text files or folders of them, plain or .gz; a document on each line");
    add_output(*command, options->output, "Where the documents' vectors go: .kith, .bin, .txt, .bin.gz or .txt.gz");
    command
        ->add_option("--save-model", options->save_model,
                     "Where the model goes, a .kith file, for kith infer and --continue")
        ->type_name("FILE");
    command->add_option("--save-words", options->save_words, "Where the words' vectors go")->type_name("FILE");
    command->add_flag(
        "--tagged", options->tagged,
        "Each line begins with its tags, separated by commas, and a tab; without, its number is its tag");
    add_switch(*command, "--dm", options->memory, "1: PV-DM, document and context together; 0: PV-DBOW");
    add_switch(*command, "--dm-mean", options->mean, "PV-DM: 1: mean of document and context; 0: their sum");
    add_switch(*command, "--dm-concat", options->concatenated, "PV-DM: 1: concatenates instead (large, slow)");
    command->add_option("--dm-tag-count", options->model.tags_per_document, "With --dm-concat: tags of a document")
        ->group("Model")
        ->type_name("N")
        ->capture_default_str();
    add_switch(*command, "--dbow-words", options->model.train_words, "PV-DBOW: 1: trains words too");
    add_embedding_options(*command, options->model);
    add_vocabulary_options(*command, options->model, options->reading);
    add_schedule_options(*command, options->model);
    add_continuation(*command, options->continuation);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith train doc2vec articles.txt -o documents.kith --save-model articles.model.kith\n"
                 "kith train doc2vec tagged.txt -o tags.bin --tagged --dm 0 --dbow-words 1\n"
                 "kith similar documents.kith 17");
    command->callback([options, command] { run_train_doc2vec(*options, *command); });
}

}  // namespace kith::cli
