#include "session.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace kith::cli {

Session::Session(const CommonOptions& options)
    : out(stdout, options.json ? Output::Format::kJson : Output::Format::kText),
      meter(stderr, ProgressMeter::style_for(stderr, options.quiet)),
      quiet_(options.quiet) {}

void Session::say(std::string_view line) {
    if (quiet_) return;
    meter.finish();
    fmt::print(stderr, "{}\n", line);
}

}  // namespace kith::cli
