#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include <kith/error.hpp>
#include <kith/forest.hpp>

#include "commands.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "sweep.hpp"
#include "text_format.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct TuneCommandOptions {
    std::string vectors;
    std::string output = "tune.svg";
    std::size_t limit = 0;
    SweepOptions sweep{.seed = kDefaultForestSeed};
    CommonOptions common;
};

Table point_table(std::span<const SweepPoint> points) {
    Table table{{{"num_trees", "trees"}, {"build_seconds", "build"}, {"accuracy", ""}, {"query_seconds", "query"}},
                {}};
    for (const SweepPoint& point : points) {
        table.rows.push_back({count_cell(point.trees), seconds_cell(point.build_seconds),
                              percent_cell(point.accuracy), seconds_cell(point.query_seconds)});
    }
    return table;
}

void run_tune(const TuneCommandOptions& options) {
    check_output(options.output);
    if (!options.output.ends_with(".svg")) {
        throw InvalidArgument(
            fmt::format("'{}': the plot is an SVG; give a name that ends in .svg", options.output));
    }
    Session session(options.common);
    const KeyedVectors vectors = load_vectors(session, options.vectors, options.limit, options.sweep.threads);
    const auto points = sweep_trees(vectors.vectors(), options.sweep, session.meter.callback());
    session.meter.finish();
    const std::string csv_path = with_ending(options.output, ".csv");
    const std::string caption = fmt::format("{}: {} vectors of {} dimensions, {}",
                                            std::filesystem::path(options.vectors).filename().string(),
                                            with_commas(vectors.size()), vectors.dim(), name(options.sweep.metric));
    write_text_file(csv_path, sweep_csv(points, options.sweep.k));
    write_text_file(options.output, sweep_svg(points, options.sweep.k, caption));
    Output& out = session.out;
    out.table("points", point_table(points));
    out.field("plot", text_cell(options.output));
    out.field("csv", text_cell(csv_path));
    out.finish();
}

void add_range(CLI::App& command, SweepOptions& sweep) {
    const auto add = [&](const char* names, std::size_t& value, const char* text) {
        command.add_option(names, value, text)
            ->type_name("N")
            ->check(in_range(1, 1'000'000))
            ->capture_default_str();
    };
    add("--from", sweep.first, "The first number of trees");
    add("--to", sweep.last, "The last number of trees, if the steps meet it");
    add("--step", sweep.step, "From one number of trees to the next");
    add("-k,--neighbors", sweep.k, "Accuracy is the share of so many exact neighbours that is found");
    add("--queries", sweep.queries, "Average over so many queries: the first vector, then others spread evenly");
}

}  // namespace

void add_tune(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("tune", "Measure build time and accuracy for many numbers of trees; plot both");
    auto options = std::make_shared<TuneCommandOptions>();
    command->add_option("VECTORS", options->vectors, "Vectors of any known format, plain or .gz")
        ->required()
        ->type_name("");
    add_output(*command, options->output, "The plot; the numbers go beside it, ending in .csv")
        ->capture_default_str();
    add_range(*command, options->sweep);
    add_search_k(*command, options->sweep.search_k);
    add_metric(*command, options->sweep.metric);
    add_limit(*command, options->limit);
    add_threads(*command, options->sweep.threads);
    add_seed(*command, options->sweep.seed);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith tune vectors.kith\n"
                 "kith tune vectors.bin -o forest.svg --to 100 --step 5 --queries 100");
    command->callback([options] { run_tune(*options); });
}

}  // namespace kith::cli
