#include "demo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include <kith/error.hpp>
#include <kith/open.hpp>
#include <kith/vector_formats.hpp>
#include <kith/word2vec.hpp>

#include "demo_corpus.hpp"
#include "exit_code.hpp"
#include "interrupt.hpp"
#include "output_file.hpp"
#include "stopwatch.hpp"
#include "sweep.hpp"
#include "text_format.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

constexpr int kTrees = 100;
constexpr std::size_t kNeighbors = 11;  // the word itself and ten more
constexpr std::size_t kQueries = 1000;
constexpr std::size_t kTopN = 5;
constexpr std::size_t kQuickBytes = 4'000'000;

// The tutorial's parameters.
Word2VecOptions tutorial_options(const DemoOptions& options) {
    Word2VecOptions model;
    model.architecture = Architecture::kSkipGram;
    model.vector_size = 100;
    model.window = 5;
    model.epochs = 5;
    model.min_count = 5;
    model.sample = 1e-4;
    model.negative = 5;
    model.alpha = 0.05;
    model.threads = options.threads;
    return model;
}

Corpus read_corpus(const std::string& path, const DemoOptions& options, const ProgressFn& progress) {
    CorpusOptions reading;
    reading.threads = options.threads;
    if (!options.quick) return Corpus::read(path, reading, progress);
    CorpusBuilder builder(reading);
    builder.add_text(read_text_start(path, kQuickBytes));
    return builder.finish();
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::size_t matches_in_common(std::span<const Match> a, std::span<const Match> b) {
    return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](const Match& match) {
        return std::any_of(b.begin(), b.end(), [&](const Match& other) { return other.row == match.row; });
    }));
}

}  // namespace

void require_identical(std::span<const Match> found, std::span<const Match> expected, const std::string& what) {
    const bool same =
        std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                   [](const Match& a, const Match& b) { return a.key == b.key && a.score == b.score; });
    if (!same) throw CommandFailed(kFailure, fmt::format("{}: the answers are not identical", what));
}

Demo::Demo(Session& session, DemoOptions options)
    : session_(session), out_(session.out), options_(std::move(options)) {
    std::error_code error;
    std::filesystem::create_directories(options_.output_dir, error);
    if (error) throw IoError("cannot create the folder", options_.output_dir, error.value());
    check_output(file("vectors.kith"));
}

std::string Demo::file(const std::string& name) const {
    return (std::filesystem::path(options_.output_dir) / name).string();
}

std::vector<Match> Demo::neighbors_of(const KeyedVectors& vectors, const std::string& word,
                                      const Index* index) const {
    const std::vector<float> query = vectors.unit_vector(word);
    const std::vector<Term> terms = {Term(std::span<const float>(query))};
    return vectors.most_similar(terms, {.topn = kNeighbors, .index = index});
}

void Demo::run() {
    const Stopwatch watch;
    train();
    build_and_compare();
    time_queries();
    save_and_load();
    share_memory();
    exchange_formats();
    plot_tuning();
    out_.note();
    out_.note(fmt::format("Done in {}. The files are in {}.", duration(watch.seconds()), options_.output_dir));
}

void Demo::train() {
    out_.section("train", "1. Train Word2Vec");
    const DemoCorpus source = find_demo_corpus(options_.corpus, options_.common.quiet,
                                               [this](std::string_view line) { session_.say(line); });
    out_.field("corpus", text_cell(source.path));
    out_.field("origin", text_cell(source.origin), "");
    if (options_.quick) out_.note(fmt::format("--quick: only its first {}", byte_size(kQuickBytes)));
    const Stopwatch reading;
    const Corpus corpus = read_corpus(source.path, options_, session_.meter.callback());
    const double read_seconds = reading.seconds();
    const Word2VecOptions how = tutorial_options(options_);
    const Word2Vec model = Word2Vec::train(corpus, how, session_.meter.callback());
    session_.meter.finish();
    vectors_ = model.vectors();
    out_.field("corpus_words", count_cell(corpus.words()), "words");
    out_.field("read_seconds", seconds_cell(read_seconds), "read in");
    out_.field("parameters",
               text_cell(fmt::format(
                   "sg=1 vector_size={} window={} epochs={} min_count={} sample={} negative={} alpha={}",
                   how.vector_size, how.window, how.epochs, how.min_count, how.sample, how.negative, how.alpha)));
    out_.field("vocabulary", count_cell(vectors_.size()));
    out_.field("train_seconds", seconds_cell(model.report().seconds), "trained in");
    out_.field("words_per_second", count_cell(static_cast<std::uint64_t>(model.report().words_per_second())),
               "words/s");
    if (!vectors_.contains(options_.word)) {
        const std::string other(vectors_.key(std::min<std::size_t>(500, vectors_.size() - 1)));
        out_.note(fmt::format("'{}' is not in this text often enough; showing '{}' instead", options_.word, other));
        options_.word = other;
    }
}

void Demo::build_and_compare() {
    out_.section("neighbors", fmt::format("2. Neighbours of '{}': approximate beside exact", options_.word));
    const Stopwatch building;
    forest_ = build_forest(vectors_, kTrees, options_.threads, kDefaultForestSeed, session_.meter.callback());
    session_.meter.finish();
    out_.field("trees", count_cell(forest_->n_trees()));
    out_.field("build_seconds", seconds_cell(building.seconds()), "built in");
    const std::vector<Match> near = neighbors_of(vectors_, options_.word, &*forest_);
    const std::vector<Match> exact = neighbors_of(vectors_, options_.word, nullptr);
    Table table{
        {{"approximate", ""}, {"approximate_cosine", "cosine"}, {"exact", "   exact"}, {"exact_cosine", "cosine"}},
        {}};
    for (std::size_t i = 0; i < exact.size(); ++i) {
        const bool there = i < near.size();
        Cell word = text_cell(exact[i].key);
        word.text.insert(0, "   ");
        table.rows.push_back({there ? text_cell(near[i].key) : text_cell(""),
                              there ? real_cell(near[i].score) : null_cell(), std::move(word),
                              real_cell(exact[i].score)});
    }
    out_.table("table", table);
}

void Demo::time_queries() {
    const std::size_t count = options_.quick ? kQueries / 10 : kQueries;
    out_.section("speed", fmt::format("3. {} random queries, both ways", with_commas(count)));
    std::mt19937_64 random(1);
    std::vector<std::vector<Match>> exact;
    std::vector<std::vector<Match>> near;
    const auto time_all = [&](const Index* index, std::vector<std::vector<Match>>& answers) {
        double seconds = 0;
        random.seed(1);
        for (std::size_t i = 0; i < count; ++i) {
            throw_if_interrupted();
            const std::vector<float> query = vectors_.unit_vector(random() % vectors_.size());
            const std::vector<Term> terms = {Term(std::span<const float>(query))};
            const Stopwatch one;
            answers.push_back(vectors_.most_similar(terms, {.topn = kTopN, .index = index}));
            seconds += one.seconds();
        }
        return seconds / static_cast<double>(count);
    };
    (void)neighbors_of(vectors_, options_.word, &*forest_);  // a dry run: both sets of pages are in memory now
    const double exact_seconds = time_all(nullptr, exact);
    const double near_seconds = time_all(&*forest_, near);
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i) found += matches_in_common(exact[i], near[i]);
    out_.field("exact_seconds", seconds_cell(exact_seconds), "exact, per query");
    out_.field("approximate_seconds", seconds_cell(near_seconds), "approximate, per query");
    out_.field("recall", percent_cell(static_cast<double>(found) / static_cast<double>(count * kTopN)),
               fmt::format("of the exact {} found", kTopN));
    const double speed_up = exact_seconds / near_seconds;
    out_.json_only("speed_up", speed_up);
    out_.note(fmt::format("The index is {:.1f} times as fast on average in this run, on one thread.", speed_up));
}

void Demo::save_and_load() {
    out_.section("save", "4. Save, and map back");
    vectors_.save(file("vectors.kith"), &*forest_);
    forest_->save_annoy(file("index.ann"));
    const std::vector<Match> expected = neighbors_of(vectors_, options_.word, &*forest_);

    const Stopwatch opening;
    const KeyedVectors mapped = KeyedVectors::open(file("vectors.kith"));
    const auto index = open_index(file("vectors.kith"));
    const double open_seconds = opening.seconds();
    require_identical(neighbors_of(mapped, options_.word, index.get()), expected, file("vectors.kith"));
    const Forest annoy = Forest::open_annoy(file("index.ann"), Metric::kAngular, vectors_.dim());
    require_identical(neighbors_of(vectors_, options_.word, &annoy), expected, file("index.ann"));

    out_.field("kith_bytes", bytes_cell(static_cast<double>(file_size(file("vectors.kith")))), "vectors.kith");
    out_.field("annoy_bytes", bytes_cell(static_cast<double>(file_size(file("index.ann")))), "index.ann");
    out_.field("open_seconds", seconds_cell(open_seconds), "mapped back in");
    out_.json_only("identical", true);
    out_.note("vectors.kith holds words, vectors and index; index.ann is the index as Annoy reads it.");
    out_.note("Both, mapped back, give identical answers.");
}

void Demo::exchange_formats() {
    out_.section("formats", "6. word2vec files, text and binary");
    const std::vector<Match> expected = neighbors_of(vectors_, options_.word, nullptr);
    const std::vector<Match> expected_near = neighbors_of(vectors_, options_.word, &*forest_);
    const auto index = open_index(file("vectors.kith"));
    Table table{{{"file", ""},
                 {"bytes", "size"},
                 {"write_seconds", "written in"},
                 {"read_seconds", "read in"},
                 {"identical", "identical answers"}},
                {}};
    for (const char* name : {"vectors.txt", "vectors.bin"}) {
        throw_if_interrupted();
        const Stopwatch writing;
        WriteOptions how;
        how.threads = options_.threads;
        write_keyed_vectors(file(name), vectors_, how);
        const double write_seconds = writing.seconds();
        const Stopwatch reading;
        const KeyedVectors back = load_vectors(session_, file(name), 0, options_.threads);
        const double read_seconds = reading.seconds();
        require_identical(neighbors_of(back, options_.word, nullptr), expected, file(name));
        require_identical(neighbors_of(back, options_.word, index.get()), expected_near, file(name));
        table.rows.push_back({text_cell(name), bytes_cell(static_cast<double>(file_size(file(name)))),
                              seconds_cell(write_seconds), seconds_cell(read_seconds), flag_cell(true)});
    }
    out_.table("files", table);
    out_.note(
        fmt::format("The first line of vectors.txt: {}", first_line(read_text_start(file("vectors.txt"), 64))));
    out_.note(
        "Read back, both give the same neighbours with the same cosines, exactly and through the saved index.");
}

void Demo::plot_tuning() {
    out_.section("tune", "7. Number of trees: build time and accuracy");
    SweepOptions sweep;
    sweep.last = options_.quick ? 41 : 300;
    sweep.seed = kDefaultForestSeed;
    sweep.threads = options_.threads;
    const auto points = sweep_trees(vectors_.vectors(), sweep, session_.meter.callback());
    session_.meter.finish();
    write_text_file(file("tune.csv"), sweep_csv(points, sweep.k));
    write_text_file(file("tune.svg"), sweep_svg(points, sweep.k,
                                                fmt::format("{} word vectors of {} dimensions",
                                                            with_commas(vectors_.size()), vectors_.dim())));
    Table table{{{"num_trees", "trees"}, {"build_seconds", "build time"}, {"accuracy", "accuracy at 100"}}, {}};
    for (const SweepPoint& point : points) {
        if (!out_.is_json() && (point.trees - 1) % 50 != 0 && &point != &points.back()) continue;
        table.rows.push_back(
            {count_cell(point.trees), seconds_cell(point.build_seconds), percent_cell(point.accuracy)});
    }
    out_.table("points", table);
    out_.field("plot", text_cell(file("tune.svg")));
    out_.field("csv", text_cell(file("tune.csv")));
}

}  // namespace kith::cli
