// Ctrl-C and SIGTERM as a flag. Long library calls see it through their progress callback and stop cleanly;
// a second signal ends the process at once.
#pragma once

namespace kith::cli {

void install_interrupt_handlers();

[[nodiscard]] bool interrupted() noexcept;

// Throws Cancelled once a signal has come; for loops of our own between library calls.
void throw_if_interrupted();

}  // namespace kith::cli
