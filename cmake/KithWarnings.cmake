# The warnings that our own targets are built with; consumers never see them.
add_library(kith_warnings INTERFACE)
target_compile_options(kith_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                               -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough)
if(KITH_WARNINGS_AS_ERRORS)
  target_compile_options(kith_warnings INTERFACE -Werror)
endif()
