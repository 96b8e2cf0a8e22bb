#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "index_choice.hpp"
#include "options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct SimilarCommandOptions {
    std::string vectors;
    std::vector<std::string> words;
    std::vector<std::string> negative;
    std::size_t limit = 0;
    std::size_t threads = 0;
    IndexChoice choice;
    SimilarOptions similar;
    CommonOptions common;
};

void run_similar(SimilarCommandOptions options) {
    Session session(options.common);
    const KeyedVectors vectors = load_vectors(session, options.vectors, options.limit, options.threads);
    std::vector<Term> terms;
    for (const std::string& word : options.words) {
        require_word(vectors, word, options.vectors);
        terms.emplace_back(word);
    }
    for (const std::string& word : options.negative) {
        require_word(vectors, word, options.vectors);
        terms.emplace_back(word, -1.0F);
    }
    const auto index = choose_index(session, vectors, options.vectors, options.choice, options.threads);
    options.similar.index = index.get();
    options.similar.search_k = effort(options.choice, index.get(), options.similar.topn);
    options.similar.threads = options.threads;
    const std::vector<Match> matches = vectors.most_similar(terms, options.similar);
    session.out.json_only("words", options.words);
    session.out.json_only("exact", index == nullptr);
    session.out.table("neighbors", match_table(matches));
    session.out.finish();
}

}  // namespace

void add_similar(CLI::App& app) {
    CLI::App* command = app.add_subcommand("similar", "The words nearest to a word, or to several taken together");
    auto options = std::make_shared<SimilarCommandOptions>();
    add_word_vectors(*command, options->vectors);
    command->add_option("WORD", options->words, "One word, or several whose mean is searched")
        ->required()
        ->type_name("");
    command->add_option("--not", options->negative, "Away from this word")->type_name("WORD")->take_all();
    add_k(*command, options->similar.topn);
    add_index_choice(*command, options->choice);
    add_restrict_vocab(*command, options->similar.restrict_vocab);
    add_limit(*command, options->limit);
    add_threads(*command, options->threads);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith similar glove.6B.50d.txt.gz science\n"
                 "kith similar vectors.kith science -k 5 --json\n"
                 "kith similar vectors.bin king woman --not man\n"
                 "kith similar vectors.bin science --index words.ann --search-k 5000");
    command->callback([options] { run_similar(*options); });
}

}  // namespace kith::cli
