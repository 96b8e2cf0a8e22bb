# The warnings that our own targets are built with; consumers never see them.
add_library(kith_warnings INTERFACE)
target_compile_options(kith_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                               -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough)
# GCC 12 takes the joining of two strings, inlined, for a copy that overlaps itself (its bug 105651). In every configuration:
# flags that differ would keep builds from sharing a compiler cache.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(kith_warnings INTERFACE -Wno-restrict)
endif()
if(KITH_WARNINGS_AS_ERRORS)
  target_compile_options(kith_warnings INTERFACE -Werror)
endif()
