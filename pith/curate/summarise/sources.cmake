# Paths relative to pith/curate.
set(SUMMARISE_HEADERS
  summarise/extractive_summary.h)
set(SUMMARISE_SOURCES
  summarise/extractive_summary.cc)
set(SUMMARISE_TESTS
  summarise/extractive_summary_test.cc)
