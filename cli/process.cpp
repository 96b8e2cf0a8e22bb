#include "process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <kith/error.hpp>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves the declaration to the user

namespace kith::cli {
namespace {

using Pipe = std::array<int, 2>;  // read end, write end

Pipe make_pipe() {
    Pipe ends = {-1, -1};
    // Close-on-exec: a child must not hold its sibling's pipe open.
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw IoError("cannot create", "a pipe", errno);
    return ends;
}

// The child gets SIGPIPE and the interrupt signals as a fresh program expects them.
pid_t spawn(const std::vector<std::string>& argv, int child_stdin, int child_stdout) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, child_stdin, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, child_stdout, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    std::vector<std::string> copies = argv;
    std::vector<char*> arguments;
    arguments.reserve(copies.size() + 1);
    for (std::string& argument : copies) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    pid_t pid = -1;
    const int error = posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw IoError("cannot run", argv[0], error);
    return pid;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv) {
    // Writing to a child that has gone must be an error code, not the end of this program.
    std::signal(SIGPIPE, SIG_IGN);
    const Pipe in = make_pipe();
    const Pipe out = make_pipe();
    try {
        pid_ = spawn(argv, in[0], out[1]);
    } catch (...) {
        for (const int end : {in[0], in[1], out[0], out[1]}) close(end);
        throw;
    }
    close(in[0]);
    close(out[1]);
    to_child_ = fdopen(in[1], "w");
    from_child_ = fdopen(out[0], "r");
}

ChildProcess::~ChildProcess() {
    close_pipes();
    if (!exit_code_) waitpid(pid_, nullptr, 0);
}

std::optional<std::string> ChildProcess::read_line() {
    char* line = nullptr;
    std::size_t capacity = 0;
    const ssize_t length = getline(&line, &capacity, from_child_);
    std::optional<std::string> text;
    if (length >= 0) {
        text.emplace(line, static_cast<std::size_t>(length));
        if (text->ends_with('\n')) text->pop_back();
    }
    std::free(line);
    return text;
}

std::string ChildProcess::read_all() {
    std::string text;
    std::array<char, 1 << 16> buffer;
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), from_child_)) {
        text.append(buffer.data(), got);
    }
    return text;
}

void ChildProcess::write_line(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), to_child_);
    std::fputc('\n', to_child_);
    std::fflush(to_child_);
}

int ChildProcess::wait() {
    if (exit_code_) return *exit_code_;
    close_pipes();
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return *exit_code_;
}

void ChildProcess::close_pipes() noexcept {
    if (to_child_ != nullptr) std::fclose(to_child_);
    if (from_child_ != nullptr) std::fclose(from_child_);
    to_child_ = nullptr;
    from_child_ = nullptr;
}

std::optional<std::string> find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string candidate = (std::filesystem::path(folder.empty() ? "." : folder) / name).string();
        if (access(candidate.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(candidate)) return candidate;
    }
    return std::nullopt;
}

std::string own_path() {
    std::error_code error;
    const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) throw IoError("cannot read", "/proc/self/exe", error.value());
    return path.string();
}

}  // namespace kith::cli
