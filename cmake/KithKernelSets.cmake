# kith_kernel_set(NAME FLAG…): compiles src/kernel/isa_NAME.cpp into the kernel layer with flags of its own. Only these
# sources may be built for more than the baseline CPU; src/kernel/cpu.cpp checks for what the flags here name.
function(kith_kernel_set name)
  set(source ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../src/kernel/isa_${name}.cpp)
  target_sources(kith_kernel PRIVATE ${source})
  # No contraction: sums come out the same whichever shape of loop they are computed in.
  set(common -ffp-contract=off -fno-math-errno)
  # Checked access by access, these would take minutes each to optimise.
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
    list(APPEND common -O3)
  endif()
  if(CMAKE_CXX_FLAGS MATCHES "fsanitize=thread")
    # Training threads share rows without locks by design: reported one by one, those races would take minutes.
    list(APPEND common -fno-sanitize=thread)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12's own intrinsics start from deliberately undefined registers (GCC bug 105593).
    list(APPEND common -Wno-maybe-uninitialized -Wno-uninitialized)
  endif()
  set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${common};${ARGN}")
endfunction()

kith_kernel_set(baseline)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|amd64")
  set(avx2 -mavx2 -mfma -mf16c -mbmi)
  set(avx512 ${avx2} -mbmi2 -mavx512f -mavx512bw -mavx512dq -mavx512vl)
  kith_kernel_set(avx2 ${avx2})
  kith_kernel_set(avx512 ${avx512})
  kith_kernel_set(avx512vnni ${avx512} -mavx512vnni -mavx512vpopcntdq -mavx512vbmi -mavx512vbmi2)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  kith_kernel_set(neon)
endif()
