// Options and answers that all kinds of `kith train` share.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/training.hpp>
#include <kith/vocabulary.hpp>

#include "session.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace kith::cli {

void add_embedding_options(CLI::App& command, EmbeddingOptions& model);
void add_vocabulary_options(CLI::App& command, EmbeddingOptions& model, CorpusOptions& reading);
void add_schedule_options(CLI::App& command, EmbeddingOptions& model);

// --vectors and --lock-factor: vectors to start from.
void add_known_vectors(CLI::App& command, std::string& vectors, float& lock_factor);

// Training that goes on where a saved model stands.
struct Continuation {
    std::string model;  // its file; empty: a new model is trained
    bool add_words = true;
};

// --continue and --add-words, which exclude every option that a model has for good. Comes after the others.
void add_continuation(CLI::App& command, Continuation& continuation);

// Of the options of a new model, those given on the command line, to go on with.
[[nodiscard]] TrainingOptions given_schedule(const CLI::App& command, const EmbeddingOptions& model);

// A model, new or gone on with, and what this training did. `prepare` is called before it learns.
template <class Model, class Text, class Options>
[[nodiscard]] std::pair<Model, TrainingReport> train_model(Session& session, const Continuation& continuation,
                                                           Model (*open)(const std::string&), const Text& text,
                                                           const Options& options, const TrainingOptions& schedule,
                                                           const std::function<void(Model&)>& prepare = {}) {
    const bool goes_on = !continuation.model.empty();
    Model model = goes_on ? open(continuation.model) : Model(options);
    if (!goes_on) model.build_vocabulary(text);
    if (goes_on && continuation.add_words) model = model.extended(text);
    if (prepare) prepare(model);
    TrainingReport report = model.train_on(text, goes_on ? schedule : TrainingOptions{}, session.meter.callback());
    return {std::move(model), std::move(report)};
}

// What ends a sentence and how long one may be.
void add_sentence_options(CLI::App& command, std::string& sentences, CorpusOptions& reading);

// Which word predicts which: skip-gram, or CBOW by the mean or the sum of the context.
void add_architecture(CLI::App& command, bool& skip_gram, bool& cbow_mean);

// Reads what add_corpus and add_sentence_options were told, and says what it read.
[[nodiscard]] Corpus read_corpus(Session& session, const std::vector<std::string>& paths,
                                 const std::string& sentences, CorpusOptions reading);

// The positional argument.
void add_corpus(CLI::App& command, std::vector<std::string>& corpus, const std::string& what);

// An option of value 0 or 1.
CLI::Option* add_switch(CLI::App& command, const std::string& name, bool& value, const std::string& what);

// Throws what CLI11 throws for a missing argument. For commands that have subcommands, of which it cannot be asked.
void require_arguments(const std::vector<std::string>& corpus, const std::string& output);

// Refuses early what could not be written as vectors.
void check_vector_output(const std::string& path);

void say_corpus(Session& session, const Corpus& corpus);
void put_report(Output& out, const TrainingReport& report);
[[nodiscard]] Table vocabulary_head(const Vocabulary& vocabulary, std::size_t rows);

}  // namespace kith::cli
