# Paths relative to pith/curate.
set(SELECT_HEADERS
  select/selection.h
  select/target_classifier.h
  select/target_features.h)
set(SELECT_SOURCES
  select/selection.cc
  select/target_classifier.cc
  select/target_features.cc)
set(SELECT_TESTS
  select/selection_test.cc
  select/target_classifier_test.cc
  select/target_features_test.cc)
