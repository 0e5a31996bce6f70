# Paths relative to pith/curate.
set(TERMS_HEADERS terms/term_counts.h terms/terms.h)
set(TERMS_SOURCES terms/term_counts.cc terms/terms.cc)
set(TERMS_TESTS terms/term_counts_test.cc terms/terms_test.cc)
