// Long calls: the work runs on a thread of its own while the caller's thread, some ten times a second, lets Python
// handle signals (Ctrl-C) and hands reports to the progress callback. So neither depends on which of the library's
// threads reports, or on how often.
#pragma once

#include <functional>

#include <kith/progress.hpp>

#include "bind.hpp"

namespace kith::python {

// Runs `work` to its end, without the GIL. `callback` is None or a callable that takes a Progress tuple; when it
// returns False, or raises, or a signal handler raises, `work` is told to stop through the function it was given,
// and that exception is raised here once `work` has returned (Cancelled for False).
void run_interruptibly(nb::handle callback, const std::function<void(const ProgressFn&)>& work);

}  // namespace kith::python
