#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include "commands.hpp"
#include "demo.hpp"
#include "options.hpp"

namespace kith::cli {
namespace {

void run_demo(const DemoOptions& options) {
    Session session(options.common);
    Demo(session, options).run();
    session.out.finish();
}

struct WorkerOptions {
    std::string path;
    std::string word;
    std::size_t own_trees = 0;
};

// No part of the interface: the demo starts it.
void add_worker(CLI::App& app) {
    CLI::App* command = app.add_subcommand("demo-worker")->group("");
    auto options = std::make_shared<WorkerOptions>();
    command->add_option("PATH", options->path)->required();
    command->add_option("WORD", options->word)->required();
    command->add_option("--own-trees", options->own_trees);
    command->callback([options] { run_demo_worker(options->path, options->word, options->own_trees); });
}

}  // namespace

void add_demo(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("demo", "The whole path on real text: train, index, search, save, share, plot");
    auto options = std::make_shared<DemoOptions>();
    command
        ->add_option(
            "CORPUS", options->corpus,
            "Text to train on. If not given: text8 or wiki8 in the folder that KITH_DATA_DIR names; else text8 "
            "from its public home, kept in the cache; else an English dictionary (Debian's dict-gcide)")
        ->type_name("");
    command->add_option("-o,--output-dir", options->output_dir, "Folder for the files it writes")
        ->type_name("DIR")
        ->capture_default_str();
    command->add_option("--word", options->word, "The word whose neighbours are shown")
        ->type_name("WORD")
        ->capture_default_str();
    command->add_flag("--quick", options->quick,
                      "A small part of the text and of the plot: seconds instead of minutes");
    add_threads(*command, options->threads);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith demo\n"
                 "kith demo text8.gz --output-dir results\n"
                 "kith demo --quick --json");
    command->callback([options] { run_demo(*options); });
    add_worker(app);
}

}  // namespace kith::cli
