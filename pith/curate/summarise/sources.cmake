# Paths relative to pith/curate.
set(SUMMARISE_HEADERS
  summarise/extractive_summary.h
  summarise/sentence_terms.h)
set(SUMMARISE_SOURCES
  summarise/extractive_summary.cc
  summarise/sentence_terms.cc)
set(SUMMARISE_TESTS
  summarise/extractive_summary_test.cc
  summarise/sentence_terms_test.cc)
