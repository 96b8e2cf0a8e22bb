#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include "commands.hpp"
#include "completion.hpp"
#include "options.hpp"

namespace kith::cli {
namespace {

void run_completion(const CLI::App& app, const std::string& shell) {
    const CompletionModel model = completion_model(app);
    Session session({});
    const std::string script = shell == "bash"  ? bash_completion(model)
                               : shell == "zsh" ? zsh_completion(model)
                                                : fish_completion(model);
    session.out.note(script);
    session.out.finish();
}

}  // namespace

void add_completion(CLI::App& app) {
    CLI::App* command = app.add_subcommand("completion", "Print a script that completes commands and options");
    auto shell = std::make_shared<std::string>();
    set_choices(command->add_option("SHELL", *shell, "The shell to write for")->required(),
                {"bash", "zsh", "fish"});
    set_examples(*command,
                 "source <(kith completion bash)\n"
                 "kith completion zsh > ~/.zfunc/_kith\n"
                 "kith completion fish > ~/.config/fish/completions/kith.fish");
    command->callback([&app, shell] { run_completion(app, *shell); });
}

}  // namespace kith::cli
