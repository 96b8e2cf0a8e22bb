#include "app.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <kith/version.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "interrupt.hpp"
#include "suggest.hpp"

namespace kith::cli {
namespace {

constexpr int kHelpColumn = 34;

// Help that does not say of every option what it cannot go with: whoever tries is told.
class Help : public CLI::Formatter {
public:
    Help() {
        column_width(kHelpColumn);
        label("SUBCOMMAND", "COMMAND");
        label("Subcommands", "Commands");
        label("Positionals", "Arguments");
        label("REQUIRED", "(required)");
    }

    std::string make_option_opts(const CLI::Option* option) const override {
        const std::string all = CLI::Formatter::make_option_opts(option);
        return all.substr(0, all.find(' ' + get_label("Excludes") + ':'));
    }
};

// gensim's options are spelled with underscores; here both spellings work: --vector_size=100 is --vector-size=100.
std::vector<std::string> with_dashes(int argc, const char* const* argv) {
    std::vector<std::string> arguments;
    bool only_positional = false;
    for (int i = 1; i < argc; ++i) {
        std::string argument = argv[i];
        only_positional = only_positional || argument == "--";
        if (!only_positional && argument.starts_with("--")) {
            const auto end =
                argument.begin() + static_cast<std::ptrdiff_t>(std::min(argument.find('='), argument.size()));
            std::replace(argument.begin(), end, '_', '-');
        }
        arguments.push_back(std::move(argument));
    }
    // CLI11 takes its arguments last first.
    return {arguments.rbegin(), arguments.rend()};
}

std::vector<std::string> nearest_command(const CLI::App& app, std::string_view word) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands(nullptr)) {
        if (command->get_group().empty()) continue;
        if (command->get_name().starts_with(word)) return {command->get_name()};
        names.push_back(command->get_name());
    }
    return nearest_keys(
        word, names.size(), [&](std::size_t i) { return std::string_view(names[i]); }, 1);
}

// What CLI11 says of a wrong command line, made short, with the nearest command where a name is wrong.
int report_parse_error(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
        app.exit(error, std::cout, std::cerr);  // help and version
        return std::cout.flush() ? kOk : kFailure;
    }
    std::string message = error.what();
    const auto chosen = app.get_subcommands();
    if (chosen.empty() && argc > 1 && argv[1][0] != '-') {
        message = fmt::format("unknown command '{}'{}", argv[1], did_you_mean(nearest_command(app, argv[1])));
    }
    const std::string where = chosen.empty() ? "" : " " + chosen.front()->get_name();
    fmt::print(stderr, "kith: {}\nSee: kith{} --help\n", message, where);
    return kUsage;
}

}  // namespace

std::unique_ptr<CLI::App> make_app() {
    auto app = std::make_unique<CLI::App>("Nearest neighbours among millions, and word embeddings.", "kith");
    app->set_version_flag("--version", std::string("kith ") + kVersion, "Print the version");
    app->set_help_flag("-h,--help", "Print this help");
    app->require_subcommand(1);
    app->formatter(std::make_shared<Help>());
    add_train(*app);
    add_infer(*app);
    add_phrases(*app);
    add_convert(*app);
    add_build(*app);
    add_add(*app);
    add_remove(*app);
    add_compact(*app);
    add_search(*app);
    add_similar(*app);
    add_analogy(*app);
    add_eval(*app);
    add_tune(*app);
    add_info(*app);
    add_verify(*app);
    add_demo(*app);
    add_completion(*app);
    app->footer("Every command explains itself: kith COMMAND --help\n\n" + exit_code_help());
    return app;
}

int run(int argc, const char* const* argv) noexcept {
    try {
        install_interrupt_handlers();
        const auto app = make_app();
        try {
            app->parse(with_dashes(argc, argv));
        } catch (const CLI::ParseError& error) {
            return report_parse_error(*app, error, argc, argv);
        }
        return kOk;
    } catch (...) {
        const Failure failure = describe_current_exception();
        std::fprintf(stderr, "kith: %s\n", failure.message.c_str());
        return failure.code;
    }
}

}  // namespace kith::cli
