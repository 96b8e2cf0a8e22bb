# The layers of the architecture, one object library each. cmake/layers.json is the one table of what each layer may
# use; tests/lint/layers.py checks every #include against the same table.
file(READ ${CMAKE_CURRENT_LIST_DIR}/layers.json KITH_LAYER_TABLE)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/layers.json)

# kith_layer(NAME LIBRARIES target…): LIBRARIES names the outside libraries.
function(kith_layer name)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/kernel/isa_")
  add_library(kith_${name} OBJECT ${sources})
  target_compile_features(kith_${name} PUBLIC cxx_std_20)
  set_target_properties(kith_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
  target_include_directories(kith_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
                                                 ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(kith_${name} PRIVATE $<BUILD_INTERFACE:kith_warnings> ${ARG_LIBRARIES})
  string(JSON count LENGTH ${KITH_LAYER_TABLE} ${name} public)
  if(count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(i RANGE ${last})
      string(JSON dep GET ${KITH_LAYER_TABLE} ${name} public ${i})
      target_link_libraries(kith_${name} PRIVATE kith_${dep})
    endforeach()
  endif()
  set_property(GLOBAL APPEND PROPERTY KITH_LAYERS kith_${name})
endfunction()
