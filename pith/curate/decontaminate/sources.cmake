# Paths relative to pith/curate.
set(DECONTAMINATE_HEADERS
  decontaminate/evaluation_sets.h
  decontaminate/overlap_index.h
  decontaminate/overlap_tokens.h)
set(DECONTAMINATE_SOURCES
  decontaminate/evaluation_sets.cc
  decontaminate/overlap_index.cc
  decontaminate/overlap_tokens.cc)
set(DECONTAMINATE_TESTS
  decontaminate/evaluation_sets_test.cc
  decontaminate/overlap_index_test.cc
  decontaminate/overlap_tokens_test.cc)
