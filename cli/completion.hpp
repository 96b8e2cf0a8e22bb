// Shell completion scripts, generated from the program's own command tree so that they cannot differ from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace kith::cli {

struct CompletionOption {
    std::vector<std::string> names;  // with their dashes; empty for a positional argument
    std::string description;
    bool takes_value = false;
    std::vector<std::string> choices;  // the values that exist; empty means free text or a file
};

struct CompletionCommand {
    std::string name;
    std::string description;
    std::vector<CompletionOption> options;
};

struct CompletionModel {
    std::string program;
    std::vector<CompletionOption> options;  // those of the program itself
    std::vector<CompletionCommand> commands;
};

// Hidden commands (those without a group) are left out.
[[nodiscard]] CompletionModel completion_model(const CLI::App& app);

[[nodiscard]] std::string bash_completion(const CompletionModel& model);
[[nodiscard]] std::string zsh_completion(const CompletionModel& model);
[[nodiscard]] std::string fish_completion(const CompletionModel& model);

}  // namespace kith::cli
