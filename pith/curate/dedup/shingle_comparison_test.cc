#include "pith/curate/dedup/shingle_comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pith/base/random.h"
#include "pith/curate/dedup/min_hash.h"
#include "pith/curate/dedup/shingles.h"

namespace pith {
namespace {

using Shingles = std::vector<std::uint32_t>;

class ShingleComparisonTest : public testing::Test {
 protected:
  // Two documents of `shared` common shingles and `own_a` and `own_b` others.
  void put(std::size_t shared, std::size_t own_a, std::size_t own_b) {
    documents_.assign(2, {});
    const auto draw = [&] { return static_cast<std::uint32_t>(random_.next()); };
    for (std::size_t i = 0; i < shared; ++i) documents_[0].push_back(draw());
    documents_[1] = documents_[0];
    for (std::size_t i = 0; i < own_a; ++i) documents_[0].push_back(draw());
    for (std::size_t i = 0; i < own_b; ++i) documents_[1].push_back(draw());
    for (Shingles& d : documents_) {
      std::sort(d.begin(), d.end());
      d.erase(std::unique(d.begin(), d.end()), d.end());
    }
  }
  double compare(double least) {
    ShingleComparison comparison(source_, least);
    SketchedDocument a, b;
    EXPECT_TRUE(comparison.sketch(0, a));
    EXPECT_TRUE(comparison.sketch(1, b));
    EXPECT_LE(a.sketch.size(), kSketchSize);
    return comparison.similarity(a, b).value();
  }

  Random random_{1};
  std::vector<Shingles> documents_;
  std::uint64_t read_ = 0;
  ShingleSource source_ = {
      .count = [this](std::uint32_t i) { return std::uint64_t{documents_[i].size()}; },
      .read =
          [this](std::uint32_t i, std::uint64_t first, std::span<std::uint32_t> out) {
            EXPECT_LE(first + out.size(), documents_[i].size());
            std::copy_n(documents_[i].begin() + static_cast<std::ptrdiff_t>(first), out.size(),
                        out.begin());
            read_ += out.size();
            return Status();
          }};
};

TEST_F(ShingleComparisonTest, WhatIsAlikeEnoughIsExactAtEverySize) {
  // Around the sketch's size and the chunk of reading.
  for (const std::size_t shared : {1u, 4u, 900u, 1023u, 1024u, 1500u, 16'384u, 50'000u}) {
    for (const std::size_t own : {shared / 9, shared / 9 + 1, shared / 8, shared / 7}) {
      put(shared, own, own);
      const double truth = jaccard(documents_[0], documents_[1]);
      EXPECT_EQ(compare(0.8), truth >= 0.8 ? truth : 0.0) << shared << " + " << own;
    }
  }
}

TEST_F(ShingleComparisonTest, ExactlyTheThresholdIsEnough) {
  put(8000, 1000, 1000);
  ASSERT_EQ(jaccard(documents_[0], documents_[1]), 0.8);
  EXPECT_EQ(compare(0.8), 0.8);
  put(8000, 1000, 1001);
  EXPECT_EQ(compare(0.8), 0.0);
}

TEST_F(ShingleComparisonTest, WhatIsSurelyLessAlikeIsNotRead) {
  put(20'000, 10'000, 10'000);
  EXPECT_EQ(compare(0.8), 0.0);
  EXPECT_EQ(read_, 2 * kSketchSize);
  put(20'000, 0, 20'000);  // by size alone
  EXPECT_EQ(compare(0.8), 0.0);
}

TEST_F(ShingleComparisonTest, NothingIsAlikeToNothing) {
  put(0, 0, 0);
  EXPECT_EQ(compare(0.8), 0.0);
  put(0, 0, 5);
  EXPECT_EQ(compare(0.0), 0.0);
}

}  // namespace
}  // namespace pith
