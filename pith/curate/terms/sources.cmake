# Paths relative to pith/curate.
set(TERMS_HEADERS terms/terms.h)
set(TERMS_SOURCES terms/terms.cc)
set(TERMS_TESTS terms/terms_test.cc)
