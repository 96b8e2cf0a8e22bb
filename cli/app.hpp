// The program: its command tree, and one run from the arguments to an exit code.
#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace kith::cli {

[[nodiscard]] std::unique_ptr<CLI::App> make_app();

// Parses, runs the command, reports errors on stderr. Never throws.
[[nodiscard]] int run(int argc, const char* const* argv) noexcept;

}  // namespace kith::cli
