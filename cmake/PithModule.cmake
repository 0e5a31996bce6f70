# pith_module(<folder> HEADERS ... SOURCES ... [TESTS ...] [DEPS <folders>] [LIBS ...] [PRIVATE_LIBS ...] [TEST_LIBS ...])
# One call per folder. DEPS is the whole list of pith folders that this one may include.
add_library(pith_flags INTERFACE)
target_compile_options(pith_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror
  # GCC 12 sees overlaps and overflows in "literal" + string that are not there (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>)

function(pith_module name)
  cmake_parse_arguments(PARSE_ARGV 1 M "" "" "HEADERS;SOURCES;TESTS;DEPS;LIBS;PRIVATE_LIBS;TEST_LIBS")
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "pith_module(${name}): unknown arguments ${M_UNPARSED_ARGUMENTS}")
  endif()
  list(TRANSFORM M_DEPS PREPEND "pith::" OUTPUT_VARIABLE deps)

  add_library(pith_${name} STATIC ${M_SOURCES})
  add_library(pith::${name} ALIAS pith_${name})
  target_sources(pith_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${M_HEADERS})
  target_link_libraries(pith_${name} PUBLIC ${deps} ${M_LIBS} PRIVATE pith_flags ${M_PRIVATE_LIBS})
  set_target_properties(pith_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)

  if(PITH_TESTS AND M_TESTS)
    add_executable(pith_${name}_test ${M_TESTS})
    target_link_libraries(pith_${name}_test PRIVATE pith::${name} pith_flags GTest::gmock_main ${M_TEST_LIBS})
    target_precompile_headers(pith_${name}_test PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
    include(GoogleTest)
    gtest_discover_tests(pith_${name}_test DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS ${name} ENVIRONMENT "PITH_SOURCE=${PROJECT_SOURCE_DIR}")
  endif()
  list(JOIN M_DEPS " " joined)
  set_property(GLOBAL APPEND PROPERTY PITH_LAYERS "${name}: ${joined}")
endfunction()

# Writes the declared edges, and adds a test that reads every #include against them.
function(pith_check_layers)
  get_property(layers GLOBAL PROPERTY PITH_LAYERS)
  set(text "")
  foreach(line IN LISTS layers)
    string(APPEND text "${line}\n")
  endforeach()
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/layers.txt CONTENT "${text}")
  if(PITH_TESTS)
    add_test(NAME layers COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR}
      -DLAYERS=${PROJECT_BINARY_DIR}/layers.txt -P ${PROJECT_SOURCE_DIR}/cmake/CheckLayers.cmake)
  endif()
endfunction()
