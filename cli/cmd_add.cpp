#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "dynamic_file.hpp"
#include "options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct AddCommandOptions {
    DynamicFile file;
    std::string vectors;
    std::string ids;
    std::size_t limit = 0;
};

void run_add(const AddCommandOptions& options) {
    Session session(options.file.common);
    DynamicIndex index = open_dynamic(options.file);
    const Matrix vectors = read_matrix(options.vectors, read_options(session, options.limit, options.file.threads));
    const std::size_t before = index.count();
    if (options.ids.empty()) {
        index.add(vectors.view(), session.meter.callback());
    } else {
        index.add(vectors.view(), read_numbers(options.ids), session.meter.callback());
    }
    session.meter.finish();
    session.out.field("added", count_cell(index.count() - before));
    save_dynamic(session, options.file, index);
}

}  // namespace

void add_add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("add", "Add vectors to a graph that is there");
    auto options = std::make_shared<AddCommandOptions>();
    add_dynamic_file(*command, options->file);
    command->add_option("VECTORS", options->vectors, "The vectors to add, in any known format")
        ->required()
        ->type_name("");
    command
        ->add_option("--ids", options->ids,
                     "Their numbers: a file, one to a line; otherwise they follow on from the largest so far")
        ->type_name("FILE");
    add_limit(*command, options->limit);
    set_examples(*command,
                 "kith build images.npy -o images.kith --kind graph --metric euclidean\n"
                 "kith add images.kith more.npy\n"
                 "kith add images.kith more.npy --ids numbers.txt -o larger.kith");
    command->callback([options] { run_add(*options); });
}

}  // namespace kith::cli
