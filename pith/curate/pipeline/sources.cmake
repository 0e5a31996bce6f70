# Paths relative to pith/curate.
set(PIPELINE_HEADERS
  pipeline/curate.h
  pipeline/document_maker.h
  pipeline/examples.h
  pipeline/final_stage.h
  pipeline/first_stage.h
  pipeline/later_stages.h
  pipeline/shard_writer.h
  pipeline/signature_file.h
  pipeline/statistics.h
  pipeline/work_folder.h)
set(PIPELINE_SOURCES
  pipeline/curate.cc
  pipeline/document_maker.cc
  pipeline/examples.cc
  pipeline/final_stage.cc
  pipeline/first_stage.cc
  pipeline/later_stages.cc
  pipeline/shard_writer.cc
  pipeline/signature_file.cc
  pipeline/statistics.cc
  pipeline/work_folder.cc)
set(PIPELINE_TESTS
  pipeline/curate_test.cc
  pipeline/signature_file_test.cc
  pipeline/statistics_test.cc)
# Until the steps that it joins are all there, the pipeline builds but cannot be linked.
foreach(step ingest/reader classify/language clean/document_cleaner ../formats/documents)
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${step}.cc)
    set(PIPELINE_TESTS)
  endif()
endforeach()
