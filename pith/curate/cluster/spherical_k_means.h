#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pith/base/context.h"

// k-means over sparse vectors of length 1, by cosine (Dhillon and Modha 2001).
namespace pith {

// Vectors one behind the other: entries begins[i] .. begins[i + 1] are those of vector i.
struct SparseVectors {
  std::vector<std::size_t> begins = {0};
  std::vector<std::uint32_t> terms;  // 0 .. terms - 1
  std::vector<float> weights;
  std::size_t size() const { return begins.size() - 1; }
  std::span<const std::uint32_t> terms_of(std::size_t i) const {
    return {terms.data() + begins[i], begins[i + 1] - begins[i]};
  }
  std::span<const float> weights_of(std::size_t i) const {
    return {weights.data() + begins[i], begins[i + 1] - begins[i]};
  }
  // Appends a vector, scaled to length 1.
  void add(std::span<const std::uint32_t> new_terms, std::span<const float> new_weights);
};

// Centroids as (terms, k): the k values of a term lie side by side, so that a vector is compared
// with all of them in one walk over its terms.
struct Centroids {
  std::size_t k = 0;
  std::vector<float> values;

  // Cosine of a vector with every centroid, into `cosines` (k).
  void compare(std::span<const std::uint32_t> terms, std::span<const float> weights,
               std::span<float> cosines) const;
};

struct Clusters {
  Centroids centroids;
  std::vector<std::uint32_t> of;  // the cluster of each vector
};

// Clusters `vectors` over `terms` terms into at most k clusters, none empty. The first centroids
// are vectors that are far from each other (greedy k-means++, Arthur and Vassilvitskii 2007),
// chosen by context.seed. The same vectors in the same order give the same clusters on any number
// of threads.
Clusters spherical_k_means(const SparseVectors& vectors, std::size_t terms, std::size_t k,
                           std::size_t rounds, const Context& context);

}  // namespace pith
