// The program's exit codes, and the one table from an error's type to its code.
#pragma once

#include <string>

namespace kith::cli {

enum ExitCode : int {
    kOk = 0,
    kFailure = 1,       // the operating system refused, something unsupported, out of memory
    kUsage = 2,         // a wrong command line, an unknown word, an argument that cannot work
    kCorruptFile = 3,   // a file's bytes are not what its format says
    kInterrupted = 130  // SIGINT or SIGTERM
};

struct Failure {
    int code = kFailure;
    std::string message;  // empty: nothing to say
};

// REQUIRES: called inside a catch block. Describes the exception being handled.
[[nodiscard]] Failure describe_current_exception();

// The text for --help.
[[nodiscard]] std::string exit_code_help();

}  // namespace kith::cli
