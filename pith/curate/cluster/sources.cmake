# Paths relative to pith/curate.
set(CLUSTER_HEADERS
  cluster/spherical_k_means.h
  cluster/topic_model.h
  cluster/topic_names.h
  cluster/topic_sample.h)
set(CLUSTER_SOURCES
  cluster/spherical_k_means.cc
  cluster/topic_model.cc
  cluster/topic_names.cc
  cluster/topic_sample.cc)
set(CLUSTER_TESTS
  cluster/spherical_k_means_test.cc
  cluster/topic_model_test.cc
  cluster/topic_names_test.cc
  cluster/topic_sample_test.cc)
