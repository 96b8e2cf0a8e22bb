// What every command has: where its answer goes and how it reports while it works.
#pragma once

#include <string>
#include <string_view>

#include "output.hpp"
#include "progress.hpp"

namespace kith::cli {

struct CommonOptions {
    bool json = false;
    bool quiet = false;
};

class Session {
public:
    explicit Session(const CommonOptions& options);

    Output out;
    ProgressMeter meter;

    // One line on stderr, also while a bar is shown; nothing with --quiet.
    void say(std::string_view line);

private:
    bool quiet_;
};

}  // namespace kith::cli
