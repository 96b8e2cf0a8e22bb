#include "embed/spare_memory.hpp"

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace kith::embed {

void give_back_memory() noexcept {
#if defined(__GLIBC__)
    static_cast<void>(::malloc_trim(0));
#endif
}

}  // namespace kith::embed
