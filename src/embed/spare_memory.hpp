// Memory that nobody uses any more.
#pragma once

namespace kith::embed {

// Gives the system what the allocator holds free. glibc keeps it otherwise when what stays stands behind it: after reading and
// counting 10 MB and more, all through training. Takes less than a millisecond for 10 MB.
void give_back_memory() noexcept;

}  // namespace kith::embed
