#include "completion.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

namespace kith::cli {
namespace {

// CLI11 keeps a choice only in the text that help shows: "TEXT:{angular,euclidean}".
std::vector<std::string> choices_of(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const std::size_t open = type.find('{');
    const std::size_t close = type.find('}', open);
    if (open == std::string::npos || close == std::string::npos) return {};
    return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

CompletionOption describe(const CLI::Option& option) {
    CompletionOption out;
    for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
    const std::string& text = option.get_description();
    out.description = text.substr(0, text.find_first_of("\n;("));
    out.description.erase(out.description.find_last_not_of(' ') + 1);
    out.takes_value = option.get_items_expected_max() > 0;
    out.choices = choices_of(option);
    return out;
}

std::vector<CompletionOption> options_of(const CLI::App& app) {
    std::vector<CompletionOption> out;
    for (const CLI::Option* option : app.get_options()) {
        if (!option->get_group().empty()) out.push_back(describe(*option));
    }
    return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view separator = " ") {
    return fmt::format("{}", fmt::join(words, separator));
}

// Every option name of the list, and the choices of its positional arguments.
std::string words_of(const std::vector<CompletionOption>& options) {
    std::vector<std::string> words;
    for (const CompletionOption& option : options)
        words.insert(words.end(), option.names.begin(), option.names.end());
    return joined(words);
}

std::string positional_choices(const std::vector<CompletionOption>& options) {
    for (const CompletionOption& option : options) {
        if (option.names.empty() && !option.choices.empty()) return joined(option.choices);
    }
    return {};
}

std::vector<std::string> command_names(const CompletionModel& model) {
    std::vector<std::string> names;
    for (const CompletionCommand& command : model.commands) names.push_back(command.name);
    return names;
}

// Inside single quotes of a shell word.
std::string shell_quoted(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out;
}

// Inside the brackets of a zsh option description.
std::string zsh_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
        out += c;
    }
    return shell_quoted(out);
}

std::string zsh_arguments(const std::vector<CompletionOption>& options, std::string_view indent) {
    std::string text;
    bool positional = false;
    for (const CompletionOption& option : options) {
        const std::string action = option.choices.empty() ? "_files" : "(" + joined(option.choices) + ")";
        if (option.names.empty()) {
            if (!positional) text += fmt::format("{}'*:{}:{}' \\\n", indent, zsh_escaped("argument"), action);
            positional = true;
            continue;
        }
        for (const std::string& name : option.names) {
            const std::string value = option.takes_value ? fmt::format(":value:{}", action) : "";
            text += fmt::format("{}'{}[{}]{}' \\\n", indent, name, zsh_escaped(option.description), value);
        }
    }
    return text;
}

}  // namespace

CompletionModel completion_model(const CLI::App& app) {
    CompletionModel model;
    model.program = app.get_name();
    model.options = options_of(app);
    for (const CLI::App* command : app.get_subcommands(nullptr)) {
        if (command->get_group().empty()) continue;
        model.commands.push_back({command->get_name(), command->get_description(), options_of(*command)});
    }
    return model;
}

std::string bash_completion(const CompletionModel& model) {
    std::string choices;
    std::string words;
    for (const CompletionCommand& command : model.commands) {
        for (const CompletionOption& option : command.options) {
            for (const std::string& name : option.names) {
                if (option.choices.empty()) continue;
                choices += fmt::format("        '{} {}') COMPREPLY=($(compgen -W '{}' -- \"$cur\")); return ;;\n",
                                       command.name, name, joined(option.choices));
            }
        }
        const std::string positional = positional_choices(command.options);
        words += fmt::format("        {}) options='{}' arguments='{}' ;;\n", command.name,
                             words_of(command.options), positional);
    }
    return fmt::format(
        R"(# bash completion for {0}. Load it with:  source <({0} completion bash)
_{0}() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} command= i options= arguments=
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
        -*) ;;
        *) command=${{COMP_WORDS[i]}}; break ;;
        esac
    done
    COMPREPLY=()
    case "$command $prev" in
{1}    esac
    case $command in
{2}        *) options='{3}' arguments='{4}' ;;
    esac
    # An empty answer lets the shell complete file names.
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$cur"))
    elif [[ -n $arguments ]]; then
        COMPREPLY=($(compgen -W "$arguments" -- "$cur"))
    fi
}}
complete -o default -F _{0} {0}
)",
        model.program, choices, words, words_of(model.options), joined(command_names(model)));
}

std::string zsh_completion(const CompletionModel& model) {
    std::string commands;
    std::string cases;
    for (const CompletionCommand& command : model.commands) {
        commands += fmt::format("        '{}:{}'\n", command.name, zsh_escaped(command.description));
        cases +=
            fmt::format("        {})\n            _arguments -s \\\n{}                && return\n            ;;\n",
                        command.name, zsh_arguments(command.options, "                "));
    }
    return fmt::format(
        R"(#compdef {0}
# zsh completion for {0}. Save it as _{0} in a folder of $fpath.
_{0}() {{
    local -a commands
    commands=(
{1}    )
    if (( CURRENT == 2 )); then
        _describe 'command' commands
        _arguments -s \
{2}            && return
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
{3}    esac
}}
if [[ $funcstack[1] == _{0} ]]; then
    _{0} "$@"
else
    compdef _{0} {0}
fi
)",
        model.program, commands, zsh_arguments(model.options, "            "), cases);
}

std::string fish_completion(const CompletionModel& model) {
    std::string text =
        fmt::format("# fish completion for {0}. Save it as ~/.config/fish/completions/{0}.fish\n", model.program);
    const auto add = [&](const std::string& condition, const CompletionOption& option) {
        if (option.names.empty() && option.choices.empty()) return;
        text += fmt::format("complete -c {} -n '{}'", model.program, condition);
        for (const std::string& name : option.names) {
            text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
        }
        if (!option.choices.empty()) {
            text += fmt::format(" -x -a '{}'", joined(option.choices));
        } else if (option.takes_value) {
            text += " -r -F";
        }
        text += fmt::format(" -d '{}'\n", shell_quoted(option.description));
    };
    for (const CompletionOption& option : model.options) add("__fish_use_subcommand", option);
    for (const CompletionCommand& command : model.commands) {
        text += fmt::format("complete -c {} -f -n __fish_use_subcommand -a {} -d '{}'\n", model.program,
                            command.name, shell_quoted(command.description));
        for (const CompletionOption& option : command.options) {
            add("__fish_seen_subcommand_from " + command.name, option);
        }
    }
    return text;
}

}  // namespace kith::cli
