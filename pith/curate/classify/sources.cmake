# Paths relative to pith/curate.
set(CLASSIFY_HEADERS
  classify/language.h)
set(CLASSIFY_SOURCES
  classify/language.cc)
set(CLASSIFY_TESTS
  classify/language_test.cc)
