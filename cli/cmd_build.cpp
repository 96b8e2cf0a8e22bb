#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <kith/build.hpp>
#include <kith/coded_forest.hpp>
#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/forest_recall.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "index_choice.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "stopwatch.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct BuildCommandOptions {
    std::string vectors;
    std::string output;
    std::string kind = "auto";
    std::optional<std::int32_t> trees;
    std::optional<double> recall;
    std::size_t limit = 0;
    std::size_t threads = 0;
    bool on_disk = false;
    bool compress = false;
    Metric metric = Metric::kAngular;
    std::uint64_t seed = kDefaultForestSeed;
    CommonOptions common;
};

constexpr std::int32_t kForestTrees = 100;
constexpr std::size_t kRecallNeighbors = 10;

// What was read: with keys where the format has them, since a .kith index keeps them.
struct Source {
    std::optional<KeyedVectors> keyed;
    Matrix plain;

    [[nodiscard]] MatrixView<const float> view() const { return keyed ? keyed->vectors() : plain.view(); }
};

Source read_source(Session& session, const BuildCommandOptions& options) {
    Source source;
    if (has_keys(detect_format(options.vectors))) {
        source.keyed = load_vectors(session, options.vectors, options.limit, options.threads);
    } else {
        source.plain = read_matrix(options.vectors, read_options(session, options.limit, options.threads));
        session.meter.finish();
    }
    if (source.view().empty()) throw InvalidArgument(fmt::format("'{}' holds no vectors", options.vectors));
    return source;
}

void check(const BuildCommandOptions& options) {
    check_output(options.output);
    const bool annoy = is_annoy_name(options.output);
    if (!annoy && format_of_name(options.output) != VectorFormat::kKith) {
        throw InvalidArgument(fmt::format(
            "'{}': an index is written as .kith (keeps words and vectors) or .ann (for Annoy)", options.output));
    }
    if (!annoy && options.on_disk) {
        throw InvalidArgument(
            "--on-disk builds straight into an .ann file; give --output a name that ends in .ann");
    }
    if (options.trees == 0) throw InvalidArgument("--trees: 0; an index needs at least 1 (or -1 to choose)");
    if (options.trees && options.kind == "flat") throw InvalidArgument("--trees: exact search has none");
    if (options.trees && options.kind == "graph") throw InvalidArgument("--trees: a graph has none");
    if (options.recall && options.trees) {
        throw InvalidArgument("--recall and --trees: the recall chooses the trees; give one of the two");
    }
    if (options.recall && options.kind != "auto" && options.kind != "forest") {
        throw InvalidArgument(
            fmt::format("--recall: --kind {} needs none; it takes its recall when it is searched", options.kind));
    }
    if (options.recall && options.on_disk) {
        throw InvalidArgument("--recall builds several times, to measure; it does not go with --on-disk");
    }
    if (options.compress && (options.trees || options.recall) && options.kind == "auto") {
        throw InvalidArgument("--compress: --trees and --recall ask for a forest, which keeps its vectors whole");
    }
    if (options.compress && (annoy || options.kind == "flat" || options.kind == "forest")) {
        throw InvalidArgument(
            "--compress: a coded forest or a graph can be; give --kind coded or graph and a .kith file");
    }
    if (annoy && options.kind != "auto" && options.kind != "forest") {
        throw InvalidArgument(fmt::format(
            "--kind {}: an .ann file holds a forest; give --output a name that ends in .kith", options.kind));
    }
}

// A forest of Annoy's where Annoy's file or its trees are asked for.
KindAdvice choose_kind(const BuildCommandOptions& options, MatrixView<const float> vectors) {
    if (options.kind == "flat") return {IndexKind::kFlat, "--kind flat"};
    if (options.kind == "graph") return {IndexKind::kGraph, "--kind graph"};
    if (options.kind == "coded") return {IndexKind::kCodedForest, "--kind coded"};
    if (options.kind == "forest") return {IndexKind::kForest, "--kind forest"};
    if (is_annoy_name(options.output)) return {IndexKind::kForest, "Annoy's files hold forests"};
    if (options.trees) return {IndexKind::kForest, "--trees asks for a forest"};
    if (options.recall) return {IndexKind::kForest, "--recall asks for a forest"};
    if (options.compress) return {IndexKind::kCodedForest, "--compress: a coded forest takes the least room"};
    return advise_kind(vectors.rows(), vectors.cols(), options.metric);
}

std::unique_ptr<Index> build_forest_into(Session& session, const BuildCommandOptions& options,
                                         MatrixView<const float> vectors, std::optional<ForestEffort>& effort) {
    ForestBuilder builder({.metric = options.metric, .dim = vectors.cols(), .seed = options.seed});
    if (options.on_disk) builder.on_disk(options.output);
    builder.reserve(vectors.rows());
    builder.add(vectors, 0);
    if (options.recall) {
        effort =
            build_for_recall(builder, *options.recall, kRecallNeighbors, options.threads, session.meter.callback());
    } else {
        builder.build(options.trees.value_or(kForestTrees), options.threads, session.meter.callback());
    }
    return std::make_unique<Forest>(builder.forest());
}

std::unique_ptr<Index> build_kind(Session& session, const BuildCommandOptions& options,
                                  MatrixView<const float> vectors, IndexKind kind,
                                  std::optional<ForestEffort>& effort) {
    if (kind == IndexKind::kForest) return build_forest_into(session, options, vectors, effort);
    return build_index(vectors,
                       {.metric = options.metric,
                        .kind = kind,
                        .seed = options.seed,
                        .n_trees = options.trees.value_or(0),
                        .compress = options.compress,
                        .threads = options.threads},
                       session.meter.callback());
}

void save_index(const BuildCommandOptions& options, const Source& source, const Index& index) {
    if (is_annoy_name(options.output)) {
        if (!options.on_disk) dynamic_cast<const Forest&>(index).save_annoy(options.output);
    } else if (source.keyed) {
        source.keyed->save(options.output, &index);
    } else {
        index.save(options.output);
    }
}

void put_trees(Output& out, const Index& index) {
    if (const auto* forest = dynamic_cast<const Forest*>(&index)) out.field("trees", count_cell(forest->n_trees()));
    if (const auto* coded = dynamic_cast<const CodedForest*>(&index)) {
        out.field("trees", count_cell(coded->n_trees()));
        out.field("leaves", count_cell(coded->n_leaves()));
    }
}

void run_build(const BuildCommandOptions& options) {
    check(options);
    Session session(options.common);
    const Stopwatch reading;
    const Source source = read_source(session, options);
    const double read_seconds = reading.seconds();

    const KindAdvice choice = choose_kind(options, source.view());
    const Stopwatch building;
    std::optional<ForestEffort> effort;
    const std::unique_ptr<Index> index = build_kind(session, options, source.view(), choice.kind, effort);
    const double build_seconds = building.seconds();
    throw_if_interrupted();
    save_index(options, source, *index);
    session.meter.finish();

    Output& out = session.out;
    out.field("items", count_cell(index->size()));
    out.field("dimensions", count_cell(index->dim()));
    out.field("metric", text_cell(name(index->metric())));
    out.field("kind", text_cell(name(index->kind())));
    out.field("why", text_cell(choice.why));
    put_step(out, *index);
    put_trees(out, *index);
    if (effort) {
        out.field("search_k", count_cell(static_cast<std::size_t>(effort->search_k)), "--search-k to search with");
        out.field("recall", real_cell(effort->recall, 3), "recall@10 with it");
    }
    out.field("read_seconds", seconds_cell(read_seconds), "time to read");
    out.field("build_seconds", seconds_cell(build_seconds), "time to build");
    put_output_file(out, options.output);
    out.finish();
}

}  // namespace

void add_build(CLI::App& app) {
    CLI::App* command = app.add_subcommand("build", "Build a nearest-neighbour index over vectors");
    auto options = std::make_shared<BuildCommandOptions>();
    command->add_option("VECTORS", options->vectors, "Vectors of any known format, plain or .gz")
        ->required()
        ->type_name("");
    add_output(*command, options->output,
               "The index: .kith with words and vectors in it, or .ann as Annoy reads it")
        ->required();
    add_metric(*command, options->metric);
    set_choices(command
                    ->add_option("--kind", options->kind,
                                 "auto: what suits the number of vectors and their dimensions; flat: exact; coded: "
                                 "fast, by recall; graph: faster in many dimensions, by recall; forest: "
                                 "Annoy's")
                    ->capture_default_str(),
                {"auto", "flat", "coded", "graph", "forest"});
    command
        ->add_option(
            "-t,--trees", options->trees,
            "Trees, which ask for a forest: more find more and take more room; -1 grows until they take as "
            "much room as the vectors [100; coded: 1]")
        ->type_name("N")
        ->check(in_range(-1, 1'000'000));
    command
        ->add_option("--recall", options->recall,
                     "Instead of trees: the share of the 10 nearest to find, 0 to 1; chooses trees and effort by "
                     "measuring, and says them")
        ->type_name("SHARE");
    command->add_flag("--on-disk", options->on_disk,
                      "Build inside the .ann file instead of in memory, for indexes larger than memory");
    command->add_flag(
        "--compress", options->compress,
        "Keep 8 bits of each element, of the vectors too: a quarter to half of the room (coded, graph)");
    add_limit(*command, options->limit);
    add_threads(*command, options->threads);
    add_seed(*command, options->seed);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith build glove.6B.50d.txt.gz -o glove.kith\n"
                 "kith build images.npy -o images.kith --metric euclidean --kind flat\n"
                 "kith build glove.6B.50d.txt.gz -o small.kith --compress\n"
                 "kith build vectors.npy -o vectors.ann --metric euclidean --trees 50\n"
                 "kith build huge.fvecs -o huge.ann --on-disk");
    command->callback([options] { run_build(*options); });
}

}  // namespace kith::cli
