# Paths relative to pith/curate.
set(CLEAN_HEADERS
  clean/document_cleaner.h
  clean/filter.h)
set(CLEAN_SOURCES)
set(CLEAN_TESTS)
