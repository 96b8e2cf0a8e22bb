#include <CLI/CLI.hpp>

#include <memory>

#include "commands.hpp"
#include "dynamic_file.hpp"
#include "options.hpp"

namespace kith::cli {
namespace {

void run_compact(const DynamicFile& file) {
    Session session(file.common);
    DynamicIndex index = open_dynamic(file);
    index.compact(session.meter.callback());
    save_dynamic(session, file, index);
}

}  // namespace

void add_compact(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("compact", "Bring what was added into one graph, and free what removed items take");
    auto file = std::make_shared<DynamicFile>();
    add_dynamic_file(*command, *file);
    set_examples(*command, "kith compact images.kith");
    command->callback([file] { run_compact(*file); });
}

}  // namespace kith::cli
