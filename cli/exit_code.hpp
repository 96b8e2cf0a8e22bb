// The program's exit codes, and the one table from an error's type to its code.
#pragma once

#include <stdexcept>
#include <string>

namespace kith::cli {

enum ExitCode : int {
    kOk = 0,
    kFailure = 1,       // the operating system refused, something unsupported, out of memory
    kUsage = 2,         // a wrong command line, an unknown word, an argument that cannot work
    kCorruptFile = 3,   // a file's bytes are not what its format says
    kInterrupted = 130  // SIGINT or SIGTERM
};

// A command did its work and the answer is no, for example a file that verification found damaged.
class CommandFailed : public std::runtime_error {
public:
    CommandFailed(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

    [[nodiscard]] ExitCode code() const noexcept { return code_; }

private:
    ExitCode code_;
};

struct Failure {
    int code = kFailure;
    std::string message;
};

// REQUIRES: called inside a catch block. Describes the exception being handled.
[[nodiscard]] Failure describe_current_exception();

// The text for --help.
[[nodiscard]] std::string exit_code_help();

}  // namespace kith::cli
