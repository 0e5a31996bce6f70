# Paths relative to pith/curate.
set(CLASSIFY_HEADERS
  classify/format.h
  classify/language.h
  classify/mixed_languages.h
  classify/reading_level.h)
set(CLASSIFY_SOURCES
  classify/format.cc
  classify/language.cc
  classify/mixed_languages.cc
  classify/reading_level.cc)
set(CLASSIFY_TESTS
  classify/format_test.cc
  classify/language_test.cc
  classify/mixed_languages_test.cc
  classify/reading_level_test.cc)
