#include "dynamic_file.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <kith/error.hpp>

#include "id_list.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "vector_source.hpp"

namespace kith::cli {

void add_dynamic_file(CLI::App& command, DynamicFile& file) {
    command.add_option("INDEX", file.index, "A .kith file with a graph, or one that was added to before")
        ->required()
        ->type_name("");
    add_output(command, file.output, "Write another .kith file and leave INDEX as it is");
    add_threads(command, file.threads);
    add_common(command, file.common);
}

DynamicIndex open_dynamic(const DynamicFile& file) {
    check_output(file.target());
    if (!file.target().ends_with(".kith")) {
        throw InvalidArgument(
            fmt::format("'{}': an index that grows is written as .kith; give --output", file.target()));
    }
    if (is_kith_file(file.index) && has_section(file.index, "keys")) {
        throw InvalidArgument(fmt::format(
            "'{}' holds words; an index that grows knows its items by number only: build one of vectors without "
            "words (.npy, .fvecs, …)",
            file.index));
    }
    return DynamicIndex::open(file.index, {}, file.threads);
}

std::vector<Id> read_numbers(const std::string& path) {
    return read_ids(path, [&](const std::string& line) {
        if (const auto id = parse_id(line)) return *id;
        throw InvalidArgument(fmt::format("'{}': '{}' is not a number; write one id to a line", path, line));
    });
}

void describe_dynamic(Output& out, const DynamicIndex& index) {
    out.field("graphs", count_cell(index.n_graphs()));
    out.field("waiting", count_cell(index.buffered()), "waiting for a graph");
    out.field("next_id", count_cell(index.size()), "next id");
}

void save_dynamic(Session& session, const DynamicFile& file, const DynamicIndex& index) {
    index.save(file.target());
    session.meter.finish();
    Output& out = session.out;
    out.field("items", count_cell(index.count()));
    describe_dynamic(out, index);
    put_output_file(out, file.target());
    out.finish();
}

}  // namespace kith::cli
