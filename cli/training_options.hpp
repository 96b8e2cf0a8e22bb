// Options and answers that all kinds of `kith train` share.
#pragma once

#include <string>
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
