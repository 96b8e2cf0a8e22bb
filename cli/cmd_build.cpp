#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "stopwatch.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct Options {
    std::string vectors;
    std::string output;
    std::int32_t trees = 100;
    std::size_t limit = 0;
    std::size_t threads = 0;
    bool on_disk = false;
    ForestOptions forest;
    CommonOptions common;
};

// What was read: with keys where the format has them, since a .kith index keeps them.
struct Source {
    std::optional<KeyedVectors> keyed;
    Matrix plain;

    [[nodiscard]] MatrixView<const float> view() const { return keyed ? keyed->vectors() : plain.view(); }
};

Source read_source(Session& session, const Options& options) {
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

void check(const Options& options) {
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
}

void run(Options options) {
    check(options);
    Session session(options.common);
    const Stopwatch reading;
    const Source source = read_source(session, options);
    const double read_seconds = reading.seconds();

    options.forest.dim = source.view().cols();
    ForestBuilder builder(options.forest);
    if (options.on_disk) builder.on_disk(options.output);
    builder.reserve(source.view().rows());
    const Stopwatch building;
    builder.add(source.view(), 0);
    builder.build(options.trees, options.threads, session.meter.callback());
    const double build_seconds = building.seconds();
    const Forest forest = builder.forest();
    throw_if_interrupted();
    if (is_annoy_name(options.output)) {
        if (!options.on_disk) forest.save_annoy(options.output);
    } else if (source.keyed) {
        source.keyed->save(options.output, &forest);
    } else {
        forest.save(options.output);
    }
    session.meter.finish();

    Output& out = session.out;
    out.field("items", count_cell(forest.size()));
    out.field("dimensions", count_cell(forest.dim()));
    out.field("metric", text_cell(name(forest.metric())));
    out.field("trees", count_cell(forest.n_trees()));
    out.field("read_seconds", seconds_cell(read_seconds), "time to read");
    out.field("build_seconds", seconds_cell(build_seconds), "time to build");
    put_output_file(out, options.output);
    out.finish();
}

}  // namespace

void add_build(CLI::App& app) {
    CLI::App* command = app.add_subcommand("build", "Build a nearest-neighbour index over vectors");
    auto options = std::make_shared<Options>();
    command->add_option("VECTORS", options->vectors, "Vectors of any known format, plain or .gz")
        ->required()
        ->type_name("");
    add_output(*command, options->output,
               "The index: .kith with words and vectors in it, or .ann as Annoy reads it")
        ->required();
    add_metric(*command, options->forest.metric);
    add_trees(*command, options->trees);
    command->add_flag("--on-disk", options->on_disk,
                      "Build inside the .ann file instead of in memory, for indexes larger than memory");
    add_limit(*command, options->limit);
    add_threads(*command, options->threads);
    add_seed(*command, options->forest.seed);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith build glove.6B.50d.txt.gz -o glove.kith\n"
                 "kith build vectors.npy -o vectors.ann --metric euclidean --trees 50\n"
                 "kith build huge.fvecs -o huge.ann --on-disk");
    command->callback([options] { run(*options); });
}

}  // namespace kith::cli
