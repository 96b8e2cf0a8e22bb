#include <CLI/CLI.hpp>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <kith/error.hpp>

#include "commands.hpp"
#include "index_choice.hpp"
#include "options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct AnalogyCommandOptions {
    std::string vectors;
    std::string a;
    std::string b;
    std::string c;
    bool multiply = false;
    std::size_t limit = 0;
    std::size_t threads = 0;
    IndexChoice choice;
    SimilarOptions similar{.topn = 5};
    CommonOptions common;
};

void run_analogy(AnalogyCommandOptions options) {
    Session session(options.common);
    const KeyedVectors vectors = load_vectors(session, options.vectors, options.limit, options.threads);
    for (const std::string& word : {options.a, options.b, options.c}) require_word(vectors, word, options.vectors);
    const std::array terms = {Term(options.b), Term(options.c), Term(options.a, -1)};
    options.similar.threads = options.threads;
    std::vector<Match> matches;
    if (options.multiply) {
        if (!options.choice.index.empty() || options.choice.trees > 0) {
            throw InvalidArgument("--cosmul compares with every vector; it goes without --index and --trees");
        }
        matches = vectors.most_similar_cosmul(terms, options.similar);
    } else {
        const auto index = choose_index(session, vectors, options.vectors, options.choice, options.threads);
        options.similar.index = index.get();
        options.similar.search_k = effort(options.choice, index.get(), options.similar.topn);
        matches = vectors.most_similar(terms, options.similar);
    }
    session.out.note(options.a + " is to " + options.b + " as " + options.c + " is to");
    session.out.json_only("a", options.a);
    session.out.json_only("b", options.b);
    session.out.json_only("c", options.c);
    session.out.table("answers", match_table(matches, options.multiply ? "score" : "cosine"));
    session.out.finish();
}

}  // namespace

void add_analogy(CLI::App& app) {
    CLI::App* command = app.add_subcommand("analogy", "A is to B as C is to what?");
    auto options = std::make_shared<AnalogyCommandOptions>();
    add_word_vectors(*command, options->vectors);
    command->add_option("A", options->a, "The first word of the known pair, e.g. man")->required()->type_name("");
    command->add_option("B", options->b, "The second word of the known pair, e.g. king")->required()->type_name("");
    command->add_option("C", options->c, "The word to complete, e.g. woman")->required()->type_name("");
    command->add_flag("--cosmul", options->multiply, "Multiply similarities (3CosMul) instead of adding vectors");
    add_k(*command, options->similar.topn);
    add_index_choice(*command, options->choice);
    add_restrict_vocab(*command, options->similar.restrict_vocab);
    add_limit(*command, options->limit);
    add_threads(*command, options->threads);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith analogy glove.6B.50d.txt.gz man king woman\n"
                 "kith analogy vectors.kith paris france rome -k 3");
    command->callback([options] { run_analogy(*options); });
}

}  // namespace kith::cli
