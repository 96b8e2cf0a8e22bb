# What `cmake --install` lays down: the library, the public headers, a CMake package and a pkg-config file.
include(CMakePackageConfigHelpers)

install(TARGETS kith EXPORT kithTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/kith ${PROJECT_BINARY_DIR}/include/kith
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")

# Before 1.0 a minor version may change the interface.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(compatibility SameMinorVersion)
else()
  set(compatibility SameMajorVersion)
endif()
# A static library leaves its own libraries to the program that links it; a shared one has linked them.
get_target_property(type kith TYPE)
if(type STREQUAL "STATIC_LIBRARY")
  set(KITH_STATIC ON)
  set(KITH_PC_REQUIRES zlib)
  set(KITH_PC_LIBS "-pthread")
else()
  set(KITH_STATIC OFF)
  set(KITH_PC_REQUIRES "")
  set(KITH_PC_LIBS "")
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/kith)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/kithConfig.cmake.in kithConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(kithConfigVersion.cmake COMPATIBILITY ${compatibility})
install(EXPORT kithTargets NAMESPACE kith:: DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/kithConfig.cmake ${PROJECT_BINARY_DIR}/kithConfigVersion.cmake
        DESTINATION ${package_dir})

# Relative to the file itself, so that a tree that was moved still works.
file(RELATIVE_PATH KITH_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/kith.pc.in kith.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/kith.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
