# kith_layer(NAME DEPS layer… LIBRARIES target…): one object library per layer of the architecture. DEPS names the
# layers it may use, LIBRARIES the outside libraries; tests/lint checks the includes against the same table.
function(kith_layer name)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/kernel/isa_")
  add_library(kith_${name} OBJECT ${sources})
  target_compile_features(kith_${name} PUBLIC cxx_std_20)
  set_target_properties(kith_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF
                                                CXX_VISIBILITY_PRESET default)
  target_include_directories(kith_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
                                                 ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(kith_${name} PRIVATE $<BUILD_INTERFACE:kith_warnings> ${ARG_LIBRARIES})
  foreach(dep IN LISTS ARG_DEPS)
    target_link_libraries(kith_${name} PRIVATE kith_${dep})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY KITH_LAYERS kith_${name})
endfunction()
