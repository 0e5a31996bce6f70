#include "pith/curate/dedup/min_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "pith/base/random.h"
#include "pith/curate/dedup/shingles.h"

namespace pith {
namespace {

// Two ascending sets of which `shared` members are common and `own` are each one's own.
std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> pair_of_sets(std::size_t shared,
                                                                               std::size_t own,
                                                                               Random& random) {
  std::vector<std::uint32_t> a, b;
  const auto draw = [&] { return static_cast<std::uint32_t>(random.next()); };
  for (std::size_t i = 0; i < shared; ++i) a.push_back(draw());
  b = a;
  for (std::size_t i = 0; i < own; ++i) a.push_back(draw()), b.push_back(draw());
  for (auto* set : {&a, &b}) {
    std::sort(set->begin(), set->end());
    set->erase(std::unique(set->begin(), set->end()), set->end());
  }
  return {a, b};
}

TEST(MinHashTest, FollowsTheReferenceAtEveryLength) {
  Random random(1);
  for (const std::size_t count : {0, 1, 2, 15, 16, 17, 64, 1000}) {
    std::vector<std::uint32_t> shingles(count);
    for (auto& shingle : shingles) shingle = static_cast<std::uint32_t>(random.next());
    EXPECT_EQ(min_hash(shingles), min_hash_ref(shingles)) << "count = " << count;
  }
}

TEST(MinHashTest, ValuesAgreeAsOftenAsTheSetsAreAlike) {
  Random random(2);
  for (const std::size_t own : {5, 20, 60, 200}) {
    double agreeing = 0, truth = 0;
    const int trials = 200;
    for (int trial = 0; trial < trials; ++trial) {
      const auto [a, b] = pair_of_sets(200, own, random);
      const Signature x = min_hash(a), y = min_hash(b);
      for (std::size_t i = 0; i < kMinHashes; ++i) agreeing += x[i] == y[i];
      truth += jaccard(a, b);
    }
    // Standard deviation of the mean of 25,600 draws is at most 0.0032; permutations are shared
    // between trials, which adds a little.
    EXPECT_NEAR(agreeing / (trials * static_cast<double>(kMinHashes)), truth / trials, 0.015);
  }
}

TEST(MinHashTest, BandsFindNearlyAllPairsAtEightTenths) {
  Random random(3);
  int found = 0;
  const int trials = 2000;
  for (int trial = 0; trial < trials; ++trial) {
    const auto [a, b] = pair_of_sets(80, 10, random);  // 80 of 100: Jaccard 0.8
    const BandKeys x = band_keys(min_hash(a)), y = band_keys(min_hash(b));
    bool shared = false;
    for (std::size_t band = 0; band < kBands; ++band) shared |= x[band] == y[band];
    found += shared;
  }
  EXPECT_GE(found, trials * 98 / 100);
}

TEST(MinHashTest, DifferentBandsOfEqualValuesHaveDifferentKeys) {
  Signature signature;
  signature.fill(5);
  BandKeys keys = band_keys(signature);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::unique(keys.begin(), keys.end()), keys.end());
}

TEST(SketchTest, SmallSetsAreComparedExactly) {
  Random random(4);
  for (const std::size_t shared : {0, 1, 7, 500}) {
    const auto [a, b] = pair_of_sets(shared, 100, random);
    EXPECT_DOUBLE_EQ(sketch_similarity(sketch_of(a), sketch_of(b)), jaccard(a, b));
  }
  EXPECT_EQ(sketch_similarity({}, {}), 0.0);
}

TEST(SketchTest, LargeSetsAreEstimatedWithinFourDeviations) {
  Random random(5);
  for (const std::size_t own : {50, 600, 3000, 9000}) {
    const auto [a, b] = pair_of_sets(5000, own, random);
    const double truth = jaccard(a, b);
    EXPECT_NEAR(sketch_similarity(sketch_of(a), sketch_of(b)), truth,
                4 * std::sqrt(truth * (1 - truth) / kSketchSize));
  }
}

TEST(SketchTest, AShortTextInALongOneIsNotAlike) {
  std::vector<std::uint32_t> large, small;
  for (std::uint32_t i = 0; i < 100'000; ++i) large.push_back(i * 40'000);
  for (std::uint32_t i = 0; i < 100; ++i) small.push_back(i * 40'000);
  EXPECT_LT(sketch_similarity(sketch_of(large), sketch_of(small)), 0.11);
}

}  // namespace
}  // namespace pith
