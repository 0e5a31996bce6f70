#include "pith/curate/cluster/spherical_k_means.h"

#include <cmath>

#include "gtest/gtest.h"
#include "pith/base/random.h"

namespace pith {
namespace {

// `groups` kinds of vectors, each over terms of its own and a few that all share.
SparseVectors planted(std::size_t groups, std::size_t each) {
  Random random(3);
  SparseVectors vectors;
  for (std::size_t i = 0; i < groups * each; ++i) {
    const auto group = static_cast<std::uint32_t>(i % groups);
    std::vector<std::uint32_t> terms;
    std::vector<float> weights;
    for (std::uint32_t t = 0; t < 10; ++t) {
      if (random.uniform() < 0.4) continue;
      terms.push_back(group * 10 + t);
      weights.push_back(1.0f + static_cast<float>(random.uniform()));
    }
    terms.push_back(static_cast<std::uint32_t>(groups * 10 + random.below(5)));
    weights.push_back(0.5f);
    vectors.add(terms, weights);
  }
  return vectors;
}

Context with(int threads, std::uint64_t seed = 0) {
  Context context;
  context.threads = threads;
  context.seed = seed;
  return context;
}

TEST(SphericalKMeansTest, PlantedGroupsAreFound) {
  const SparseVectors vectors = planted(6, 50);
  const Clusters clusters = spherical_k_means(vectors, 65, 6, 20, with(2));
  ASSERT_EQ(clusters.centroids.k, 6u);
  for (std::size_t i = 6; i < vectors.size(); ++i) {
    EXPECT_EQ(clusters.of[i], clusters.of[i % 6]) << i;
  }
}

TEST(SphericalKMeansTest, ThreadsMakeNoDifferenceAndSeedsDo) {
  const SparseVectors vectors = planted(9, 40);
  const auto of = [&](int threads, std::uint64_t seed) {
    return spherical_k_means(vectors, 95, 5, 20, with(threads, seed)).of;
  };
  EXPECT_EQ(of(1, 0), of(3, 0));
  EXPECT_NE(of(1, 0), of(1, 1));
}

TEST(SphericalKMeansTest, NoClusterIsEmptyAndEqualVectorsAreOne) {
  SparseVectors vectors;
  for (int i = 0; i < 10; ++i) vectors.add(std::vector<std::uint32_t>{1}, std::vector<float>{2});
  const Clusters clusters = spherical_k_means(vectors, 3, 4, 20, Context{});
  EXPECT_EQ(clusters.centroids.k, 1u);
  EXPECT_EQ(spherical_k_means(SparseVectors{}, 3, 4, 20, Context{}).centroids.k, 0u);
}

TEST(SphericalKMeansTest, CompareIsTheProductWithEveryCentroid) {
  const SparseVectors vectors = planted(4, 3);
  const Clusters clusters = spherical_k_means(vectors, 45, 4, 20, Context{});
  const Centroids& centroids = clusters.centroids;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    std::vector<float> cosines(centroids.k);
    centroids.compare(vectors.terms_of(i), vectors.weights_of(i), cosines);
    for (std::size_t c = 0; c < centroids.k; ++c) {
      double sum = 0;
      for (std::size_t t = 0; t < vectors.terms_of(i).size(); ++t) {
        sum += double{centroids.values[vectors.terms_of(i)[t] * centroids.k + c]} *
               double{vectors.weights_of(i)[t]};
      }
      EXPECT_NEAR(cosines[c], sum, 16 * 0x1p-24);  // at most 11 products of at most 1
    }
  }
}

}  // namespace
}  // namespace pith
