# Paths relative to pith/curate.
set(DEDUP_HEADERS
  dedup/min_hash.h
  dedup/near_duplicates.h
  dedup/shingles.h)
set(DEDUP_SOURCES
  dedup/min_hash.cc
  dedup/near_duplicates.cc
  dedup/shingles.cc)
set(DEDUP_TESTS
  dedup/min_hash_test.cc
  dedup/near_duplicates_test.cc
  dedup/shingles_test.cc)
