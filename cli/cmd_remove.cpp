#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include <kith/error.hpp>

#include "commands.hpp"
#include "dynamic_file.hpp"
#include "options.hpp"

namespace kith::cli {
namespace {

struct RemoveCommandOptions {
    DynamicFile file;
    std::vector<Id> items;
    std::string ids;
};

void run_remove(const RemoveCommandOptions& options) {
    if (options.items.empty() && options.ids.empty()) {
        throw InvalidArgument("nothing to remove: give the items' numbers, or --ids with a file of them");
    }
    Session session(options.file.common);
    DynamicIndex index = open_dynamic(options.file);
    std::vector<Id> ids = options.items;
    if (!options.ids.empty()) {
        const std::vector<Id> more = read_numbers(options.ids);
        ids.insert(ids.end(), more.begin(), more.end());
    }
    index.remove(ids, session.meter.callback());
    session.meter.finish();
    session.out.field("removed", count_cell(ids.size()));
    save_dynamic(session, options.file, index);
}

}  // namespace

void add_remove(CLI::App& app) {
    CLI::App* command = app.add_subcommand("remove", "Remove items from a graph");
    auto options = std::make_shared<RemoveCommandOptions>();
    add_dynamic_file(*command, options->file);
    command->add_option("ID", options->items, "The items' numbers")->type_name("");
    command->add_option("--ids", options->ids, "More of them: a file, one to a line")->type_name("FILE");
    set_examples(*command,
                 "kith remove images.kith 17 4 1234\n"
                 "kith remove images.kith --ids outdated.txt");
    command->callback([options] { run_remove(*options); });
}

}  // namespace kith::cli
