#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string>

#include <kith/build.hpp>
#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/graph.hpp>
#include <kith/open.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "dynamic_file.hpp"
#include "index_choice.hpp"
#include "options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct InfoCommandOptions {
    std::string file;
    std::size_t limit = 0;
    AnnoyShape shape;
    CommonOptions common;
};

Table section_table(const FileInfo& info) {
    Table table{{{"name", "section"}, {"offset", ""}, {"bytes", ""}, {"xxh3", "checksum"}}, {}};
    for (const SectionInfo& section : info.sections) {
        table.rows.push_back({text_cell(section.name), count_cell(section.offset), count_cell(section.size),
                              text_cell(fmt::format("{:016x}", section.checksum))});
    }
    return table;
}

// Compressed vectors have such.
bool has_steps(const FileInfo& info) {
    return info.kind != IndexKind::kNone &&
           std::ranges::any_of(info.sections, [](const SectionInfo& section) { return section.name == "steps"; });
}

void describe_forest(Output& out, const Forest& forest) {
    out.field("trees", count_cell(forest.n_trees()));
    out.field("nodes", count_cell(forest.n_nodes()));
    out.field("node_bytes", count_cell(forest.node_bytes()), "bytes per node");
}

void describe_graph(Output& out, const GraphIndex& graph) {
    out.field("degree", count_cell(graph.degree()), "links to a vertex");
    out.field("short_dimensions", count_cell(graph.short_dim()), "dimensions of short rows");
    if (!graph.recall_curve().empty()) {
        out.field("best_recall", real_cell(graph.recall_curve().back().recall, 4), "best recall measured");
    }
}

// What speaks for this kind with so many vectors, or which one it would be.
std::string why(const FileInfo& info) {
    const KindAdvice advice = advise_kind(info.count, info.dim, info.metric);
    if (advice.kind == info.kind) return advice.why;
    return fmt::format("asked for; chosen would be {}: {}", name(advice.kind), advice.why);
}

void describe_kith(Output& out, const std::string& path) {
    const FileInfo info = inspect(path);
    out.field("format", text_cell("kith"));
    out.field("format_version", count_cell(info.format_version), "format version");
    out.field("index", text_cell(name(info.kind)));
    out.field("metric", text_cell(name(info.metric)));
    out.field("scalar", text_cell(name(info.scalar)), "element type");
    out.field("items", count_cell(info.count));
    out.field("dimensions", count_cell(info.dim));
    if (info.kind != IndexKind::kNone && info.dim > 0) out.field("why", text_cell(why(info)), "why this index");
    if (has_steps(info)) put_step(out, *open_index(path));
    if (info.kind == IndexKind::kForest) describe_forest(out, Forest::open(path));
    if (info.kind == IndexKind::kGraph) describe_graph(out, GraphIndex::open(path));
    if (info.kind == IndexKind::kDynamic) describe_dynamic(out, DynamicIndex::open(path));
    out.table("sections", section_table(info));
}

void describe_annoy(Output& out, const std::string& path, const AnnoyShape& shape) {
    if (shape.dim == 0) {
        throw InvalidArgument(fmt::format(
            "'{}': a file in Annoy's format does not say its dimension and metric; give --dim and --metric", path));
    }
    const Forest forest = Forest::open_annoy(path, shape.metric, shape.dim);
    out.field("format", text_cell("annoy"));
    out.field("metric", text_cell(name(forest.metric())));
    out.field("items", count_cell(forest.size()));
    out.field("dimensions", count_cell(forest.dim()));
    describe_forest(out, forest);
}

void describe_vectors(Session& session, const InfoCommandOptions& options) {
    const VectorFormat format = detect_format(options.file);
    const KeyedVectors vectors = read_keyed_vectors(options.file, read_options(session, options.limit));
    session.meter.finish();
    Output& out = session.out;
    out.field("format", text_cell(name(format)));
    out.field("items", count_cell(vectors.size()), "vectors");
    out.field("dimensions", count_cell(vectors.dim()));
    if (vectors.empty()) return;
    const auto norms = vectors.norms();
    const auto [shortest, longest] = std::minmax_element(norms.begin(), norms.end());
    out.field("shortest", real_cell(*shortest), "shortest vector");
    out.field("longest", real_cell(*longest), "longest vector");
    if (!has_keys(format)) return;
    std::string text;
    Json first = Json::array();
    for (std::size_t row = 0; row < std::min<std::size_t>(8, vectors.size()); ++row) {
        text += (row == 0 ? "" : " ") + std::string(vectors.key(row));
        first.push_back(std::string(vectors.key(row)));
    }
    out.field("first_words", {std::move(first), std::move(text), false}, "first words");
}

void run_info(const InfoCommandOptions& options) {
    Session session(options.common);
    Output& out = session.out;
    const auto bytes = static_cast<double>(file_size(options.file));
    out.field("file", text_cell(options.file));
    out.field("bytes", bytes_cell(bytes), "size");
    if (is_annoy_name(options.file) || options.shape.dim > 0) {
        describe_annoy(out, options.file, options.shape);
    } else if (is_kith_file(options.file)) {
        describe_kith(out, options.file);
    } else {
        describe_vectors(session, options);
    }
    out.finish();
}

}  // namespace

void add_info(CLI::App& app) {
    CLI::App* command = app.add_subcommand("info", "Say what a file of vectors or an index holds");
    auto options = std::make_shared<InfoCommandOptions>();
    command->add_option("FILE", options->file, "A .kith or .ann file, or vectors of any known format")
        ->required()
        ->type_name("");
    add_annoy_shape(*command, options->shape.metric, options->shape.dim);
    add_limit(*command, options->limit);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith info glove.kith\n"
                 "kith info words.ann --metric angular --dim 100\n"
                 "kith info GoogleNews-vectors-negative300.bin.gz --limit 1000");
    command->callback([options] { run_info(*options); });
}

}  // namespace kith::cli
