// Runs the built `kith` program as a user would and looks at what it leaves.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/temp_dir.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace kith::test {

using Json = nlohmann::ordered_json;
using Environment = std::vector<std::pair<std::string, std::string>>;

inline std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void spill(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

// The names in a folder.
inline std::set<std::string> names_in(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
    return names;
}

struct Result {
    int code = -1;  // 128 + signal when a signal ended it
    std::string out;
    std::string err;
};

// A running command; its streams go to files.
class Program {
public:
    explicit Program(std::vector<std::string> arguments, const Environment& environment = {},
                     std::string executable = KITH_PROGRAM) {
        arguments.insert(arguments.begin(), std::move(executable));
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        std::vector<std::string> variables = merged(environment);
        std::vector<char*> envp;
        for (std::string& variable : variables) envp.push_back(variable.data());
        envp.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        const int flags = O_WRONLY | O_CREAT | O_TRUNC;
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, folder_.file("out").c_str(), flags, 0600);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, folder_.file("err").c_str(), flags, 0600);
        const int error = posix_spawnp(&pid_, argv[0], &files, nullptr, argv.data(), envp.data());
        posix_spawn_file_actions_destroy(&files);
        if (error != 0) ADD_FAILURE() << "cannot run " << arguments[0];
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (pid_ <= 0) return;
        kill(SIGKILL);
        (void)wait();
    }

    void kill(int signal) const { ::kill(pid_, signal); }

    [[nodiscard]] std::string err() const { return slurp(folder_.file("err")); }

    Result wait() {
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return {code, slurp(folder_.file("out")), err()};
    }

private:
    static std::vector<std::string> merged(const Environment& changes) {
        std::vector<std::string> variables;
        for (char** variable = environ; *variable != nullptr; ++variable) {
            const std::string text = *variable;
            const std::string name = text.substr(0, text.find('='));
            bool changed = false;
            for (const auto& change : changes) changed = changed || change.first == name;
            if (!changed) variables.push_back(text);
        }
        for (const auto& [name, value] : changes) variables.push_back(name + "=" + value);
        return variables;
    }

    TempDir folder_;
    pid_t pid_ = -1;
};

inline Result run(std::vector<std::string> arguments, const Environment& environment = {}) {
    return Program(std::move(arguments), environment).wait();
}

// Runs it with --json, expects success, and parses the one document on stdout.
inline Json run_json(std::vector<std::string> arguments, const Environment& environment = {}) {
    arguments.emplace_back("--json");
    const Result result = run(std::move(arguments), environment);
    EXPECT_EQ(result.code, 0) << result.err;
    const Json document = Json::parse(result.out, nullptr, false);
    EXPECT_FALSE(document.is_discarded()) << result.out;
    return document;
}

}  // namespace kith::test
