# Paths relative to pith/curate.
set(SUMMARISE_HEADERS
  summarise/condense.h
  summarise/extractive_summary.h
  summarise/term_cover.h)
set(SUMMARISE_SOURCES
  summarise/condense.cc
  summarise/extractive_summary.cc
  summarise/term_cover.cc)
set(SUMMARISE_TESTS
  summarise/condense_test.cc
  summarise/extractive_summary_test.cc
  summarise/term_cover_test.cc)
