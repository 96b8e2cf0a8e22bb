#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string>

#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/open.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct VerifyCommandOptions {
    std::string file;
    AnnoyShape shape;
    CommonOptions common;
};

Table section_table(const VerifyReport& report) {
    Table table{{{"name", "section"}, {"bytes", ""}, {"ok", "state"}}, {}};
    for (std::size_t i = 0; i < report.info.sections.size(); ++i) {
        const bool damaged = std::find(report.damaged.begin(), report.damaged.end(), i) != report.damaged.end();
        Cell state = flag_cell(!damaged);
        state.text = damaged ? "DAMAGED" : "ok";
        const SectionInfo& section = report.info.sections[i];
        table.rows.push_back({text_cell(section.name), count_cell(section.size), std::move(state)});
    }
    return table;
}

// Empty, or what is wrong.
std::string verify_kith(Output& out, const std::string& path) {
    const VerifyReport report = verify(path);
    out.table("sections", section_table(report));
    if (!report.ok()) return report.problem;
    if (report.info.kind == IndexKind::kForest) {
        try {
            Forest::open(path).verify();
        } catch (const CorruptFile& error) {
            return error.what();
        }
    }
    return {};
}

std::string verify_annoy(const std::string& path, const AnnoyShape& shape) {
    if (shape.dim == 0) {
        throw InvalidArgument(fmt::format(
            "'{}': a file in Annoy's format does not say its dimension and metric; give --dim and --metric", path));
    }
    try {
        Forest::open_annoy(path, shape.metric, shape.dim).verify();
    } catch (const CorruptFile& error) {
        return error.what();
    }
    return {};
}

std::string verify_vectors(Session& session, const std::string& path) {
    try {
        const KeyedVectors vectors = read_keyed_vectors(path, read_options(session, 0));
        session.out.field("items", count_cell(vectors.size()), "vectors");
    } catch (const CorruptFile& error) {
        return error.what();
    }
    return {};
}

void run_verify(const VerifyCommandOptions& options) {
    Session session(options.common);
    Output& out = session.out;
    out.field("file", text_cell(options.file));
    const std::string problem = is_annoy_name(options.file) || options.shape.dim > 0
                                    ? verify_annoy(options.file, options.shape)
                                : is_kith_file(options.file) ? verify_kith(out, options.file)
                                                             : verify_vectors(session, options.file);
    session.meter.finish();
    out.field("ok", flag_cell(problem.empty()), "sound");
    out.json_only("problem", problem.empty() ? Json(nullptr) : Json(problem));
    out.finish();
    if (!problem.empty()) throw CommandFailed(kCorruptFile, problem);
}

}  // namespace

void add_verify(CLI::App& app) {
    CLI::App* command = app.add_subcommand("verify", "Read a whole file and say whether it is sound");
    auto options = std::make_shared<VerifyCommandOptions>();
    command->add_option("FILE", options->file, "A .kith or .ann file, or vectors of any known format")
        ->required()
        ->type_name("");
    add_annoy_shape(*command, options->shape.metric, options->shape.dim);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith verify glove.kith\n"
                 "kith verify words.ann --metric angular --dim 100");
    command->callback([options] { run_verify(*options); });
}

}  // namespace kith::cli
