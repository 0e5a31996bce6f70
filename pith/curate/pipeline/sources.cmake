# Paths relative to pith/curate.
set(PIPELINE_HEADERS
  pipeline/curate.h)
set(PIPELINE_SOURCES)
set(PIPELINE_TESTS)
