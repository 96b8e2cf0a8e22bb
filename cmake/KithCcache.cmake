# The presets compile through ccache; a machine without it compiles as well, only slower the second time.
# Paths enter the cache relative to the project, so that all checkouts on a machine share it. ccache takes a compilation with a
# precompiled header only where it is told that macros it cannot see in the source do not matter.
if(KITH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(KITH_CCACHE_PROGRAM ccache)
  if(KITH_CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros ${KITH_CCACHE_PROGRAM})
  endif()
endif()
