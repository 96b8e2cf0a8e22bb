# The presets compile through ccache; a machine without it compiles as well, only slower the second time.
if(KITH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(KITH_CCACHE_PROGRAM ccache)
  if(KITH_CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${KITH_CCACHE_PROGRAM})
  endif()
endif()
