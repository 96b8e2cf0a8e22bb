#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/error.hpp>
#include <kith/phrases.hpp>

#include "commands.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "text_format.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

constexpr std::size_t kShown = 20;

struct PhrasesCommandOptions {
    std::vector<std::string> corpus;
    std::string output;
    std::string save_phrases;
    std::string phrases;
    std::string scoring = "default";
    std::string connectors = "none";
    CorpusOptions reading;
    PhraseOptions model;
    CommonOptions common;
};

FrozenPhrases find_phrases(Session& session, const Corpus& corpus, PhrasesCommandOptions& options) {
    if (!options.phrases.empty()) return FrozenPhrases::load(options.phrases);
    options.model.scoring = options.scoring == "npmi" ? PhraseScoring::kNpmi : PhraseScoring::kDefault;
    if (options.connectors == "english") options.model.connector_words = english_connector_words();
    Phrases learner(options.model);
    learner.learn(corpus, session.meter.callback());
    return learner.freeze();
}

Table best_of(const FrozenPhrases& phrases) {
    Table table{{{"phrase", ""}, {"count", ""}, {"score", ""}}, {}};
    for (std::size_t i = 0; i < std::min(kShown, phrases.size()); ++i) {
        const Phrase& phrase = phrases.phrases()[i];
        table.rows.push_back({text_cell(phrase.text), count_cell(phrase.count), real_cell(phrase.score)});
    }
    return table;
}

void run_phrases(PhrasesCommandOptions options) {
    if (options.output.empty() && options.save_phrases.empty()) {
        throw InvalidArgument("nowhere to write to: give --output, --save-phrases or both");
    }
    for (const std::string& path : {options.output, options.save_phrases}) {
        if (!path.empty()) check_output(path);
    }
    Session session(options.common);
    const Corpus corpus = Corpus::read(options.corpus, options.reading, session.meter.callback());
    const FrozenPhrases phrases = find_phrases(session, corpus, options);
    Output& out = session.out;
    out.field("corpus_words", count_cell(corpus.words()), "words in the corpus");
    out.field("phrases", count_cell(phrases.size()), "different phrases");
    if (!options.save_phrases.empty()) {
        phrases.save(options.save_phrases);
        out.field("phrases_file", text_cell(options.save_phrases), "phrases written to");
    }
    if (!options.output.empty()) {
        const Corpus joined = phrases.apply(corpus, session.meter.callback());
        write_text(options.output, joined);
        session.meter.finish();
        out.field("output_words", count_cell(joined.words()), "words when joined");
        put_output_file(out, options.output, "text written to");
    }
    session.meter.finish();
    out.table("best", best_of(phrases));
    out.finish();
}

void add_phrase_options(CLI::App& command, PhrasesCommandOptions& options) {
    command.add_option("--min-count", options.model.min_count, "Rarer pairs are no phrases")
        ->type_name("N")
        ->capture_default_str();
    command.add_option("--threshold", options.model.threshold, "The higher, the fewer phrases; -1 to 1 with npmi")
        ->type_name("X")
        ->capture_default_str();
    set_choices(command.add_option("--scoring", options.scoring, "How pairs are scored")->capture_default_str(),
                {"default", "npmi"});
    command.add_option("--delimiter", options.model.delimiter, "Stands between the words of a phrase")
        ->type_name("TEXT")
        ->capture_default_str();
    set_choices(command
                    .add_option("--connector-words", options.connectors,
                                "Words that may stand within a phrase: none, or English articles and prepositions")
                    ->capture_default_str(),
                {"none", "english"});
    command
        .add_option("--max-vocab-size", options.model.max_vocab_size,
                    "Different words and pairs to keep in memory, forgetting rare ones")
        ->type_name("N")
        ->capture_default_str();
    command
        .add_option("--max-sentence-length", options.reading.max_sentence_length,
                    "Cut longer sentences; no word is lost; 0: no limit")
        ->type_name("WORDS")
        ->capture_default_str();
}

}  // namespace

void add_phrases(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("phrases", "Find words that belong together, and write the text with them joined");
    auto options = std::make_shared<PhrasesCommandOptions>();
    command
        ->add_option("CORPUS", options->corpus,
                     "Text files or folders of them, plain or .gz; words are separated by white space")
        ->required()
        ->type_name("");
    add_output(*command, options->output, "Where the text goes, one sentence per line, .gz if so named");
    command->add_option("--save-phrases", options->save_phrases, "Where the phrases go, with scores and counts")
        ->type_name("FILE");
    command->add_option("--phrases", options->phrases, "Join these, from --save-phrases, instead of finding any")
        ->type_name("FILE");
    add_phrase_options(*command, *options);
    add_threads(*command, options->reading.threads);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith phrases text8 -o joined.txt.gz\n"
                 "kith phrases joined.txt.gz -o longer.txt.gz --threshold 5\n"
                 "kith phrases news/ --save-phrases phrases.tsv --connector-words english --scoring npmi "
                 "--threshold 0.6");
    command->callback([options] { run_phrases(*options); });
}

}  // namespace kith::cli
