# Paths relative to pith/curate.
set(DECONTAMINATE_HEADERS
  decontaminate/overlap_index.h
  decontaminate/overlap_tokens.h)
set(DECONTAMINATE_SOURCES
  decontaminate/overlap_index.cc
  decontaminate/overlap_tokens.cc)
set(DECONTAMINATE_TESTS
  decontaminate/overlap_index_test.cc
  decontaminate/overlap_tokens_test.cc)
