// How a long call reports and how it is stopped. The library itself prints nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace kith {

struct Progress {
    std::string_view stage;    // "reading", "counting", "training", "building", "writing", …
    std::uint64_t done = 0;    // units of work finished in this stage
    std::uint64_t total = 0;   // 0 when not known
    double seconds = 0;        // since the stage began
    double seconds_left = -1;  // estimate; negative when not known
    std::string_view detail;   // stage-specific text, e.g. "epoch 2/5, alpha 0.031, 812,000 words/s"; may be empty
};

// Called at most some ten times a second, from one thread at a time (not always the caller's).
// Returning false stops the call, which then throws Cancelled. It must not throw.
using ProgressFn = std::function<bool(const Progress&)>;

}  // namespace kith
