#include "completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include "app.hpp"

namespace kith::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Completion, KnowsEveryCommandAndOptionOfTheProgram) {
    const auto app = make_app();
    const CompletionModel model = completion_model(*app);
    const std::string bash = bash_completion(model);
    const std::string zsh = zsh_completion(model);
    const std::string fish = fish_completion(model);
    for (const CLI::App* command : app->get_subcommands(nullptr)) {
        if (command->get_group().empty()) continue;
        for (const std::string& script : {bash, zsh, fish}) EXPECT_THAT(script, HasSubstr(command->get_name()));
        for (const CLI::Option* option : command->get_options()) {
            for (const std::string& name : option->get_lnames()) {
                EXPECT_THAT(bash, HasSubstr("--" + name));
                EXPECT_THAT(zsh, HasSubstr("--" + name));
                EXPECT_THAT(fish, HasSubstr("-l " + name));
            }
        }
    }
}

TEST(Completion, KnowsTheChoicesOfAnOption) {
    const CompletionModel model = completion_model(*make_app());
    const auto command = std::find_if(model.commands.begin(), model.commands.end(),
                                      [](const CompletionCommand& c) { return c.name == "completion"; });
    ASSERT_NE(command, model.commands.end());
    std::vector<std::string> choices;
    for (const CompletionOption& option : command->options) {
        if (option.names.empty()) choices = option.choices;
    }
    std::sort(choices.begin(), choices.end());
    EXPECT_THAT(choices, ElementsAre("bash", "fish", "zsh"));
}

}  // namespace
}  // namespace kith::cli
