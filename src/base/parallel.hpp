// Work shared out over threads. Results must not depend on how it is shared: callers key randomness by work item.
#pragma once

#include <cstddef>
#include <functional>

namespace kith {

// 0 means one per core that this process may run on; never less than 1.
[[nodiscard]] std::size_t resolve_threads(std::size_t threads) noexcept;

// Calls work(i, worker) for every i in [0, count), each once, on up to `threads` threads (worker < threads), the
// caller's among them. Items are handed out in order, one at a time. The first exception stops the handing out and
// is rethrown here.
void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t item, std::size_t worker)>& work);

// As parallel_for, over consecutive ranges [first, last) of at most `grain` items.
void parallel_ranges(std::size_t count, std::size_t grain, std::size_t threads,
                     const std::function<void(std::size_t first, std::size_t last, std::size_t worker)>& work);

}  // namespace kith
