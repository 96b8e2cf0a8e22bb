// Other programs and other copies of this one, without a shell in between.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::cli {

// A running program whose stdin and stdout are pipes to us; its stderr is ours. The destructor closes the pipes and
// waits, so that no process is left behind.
class ChildProcess {
public:
    // argv[0] is looked up in PATH unless it holds a slash. Throws IoError when there is no such program.
    explicit ChildProcess(const std::vector<std::string>& argv);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // The next line of its stdout without the line end; nothing once it has closed stdout.
    [[nodiscard]] std::optional<std::string> read_line();
    [[nodiscard]] std::string read_all();

    // A program that has gone is not an error here; wait() tells.
    void write_line(std::string_view line);

    // Closes the pipes and waits. Its exit code, or 128 + the signal that ended it.
    [[nodiscard]] int wait();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

private:
    void close_pipes() noexcept;

    pid_t pid_ = -1;
    std::FILE* to_child_ = nullptr;
    std::FILE* from_child_ = nullptr;
    std::optional<int> exit_code_;
};

// Where an executable of this name stands in PATH, if any.
[[nodiscard]] std::optional<std::string> find_program(const std::string& name);

// The path of this very program. Throws IoError.
[[nodiscard]] std::string own_path();

}  // namespace kith::cli
