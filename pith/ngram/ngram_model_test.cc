#include "pith/ngram/ngram_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "pith/base/random.h"
#include "pith/ngram/count_ngrams.h"

namespace pith {
namespace {

using testing::HasSubstr;

NgramTables some_tables() {
  NgramCounter counter(50, 4);
  Random random(1);
  for (int i = 0; i < 40; ++i) {
    std::vector<int> document = {0};
    for (int j = 0; j < 60; ++j) {
      document.push_back(1 + static_cast<int>(random.below(1 + random.below(49))));
    }
    counter.add(document);
  }
  return counter.finish();
}

TEST(NgramModelTest, ADistributionSumsToOneAndHoldsEveryProbability) {
  const NgramModel model = *NgramModel::create(some_tables(), "test");
  std::vector<float> p(50);
  for (const std::vector<int>& before :
       {std::vector<int>{}, {0}, {0, 1}, {0, 1, 1}, {0, 3, 2, 1}, {49, 49, 49}}) {
    const NgramModel::Known known = model.distribution(before, p);
    EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1, 1e-4);
    for (int v = 0; v < 50; ++v) {
      NgramModel::Known other;
      EXPECT_FLOAT_EQ(model.probability(before, v, &other), p[static_cast<std::size_t>(v)]);
      EXPECT_EQ(other.length, known.length);
      EXPECT_EQ(other.backoff, known.backoff);
    }
  }
}

TEST(NgramModelTest, TheLongestContextSeenTwiceIsKnown) {
  NgramCounter counter(10, 4);
  for (int i = 0; i < 2; ++i) counter.add(std::vector{0, 1, 2, 3});
  counter.add(std::vector{0, 5, 2, 4});
  const NgramModel model = *NgramModel::create(counter.finish(), "test");
  NgramModel::Known known;
  EXPECT_GT(model.probability(std::vector{0, 1, 2}, 3, &known), 0.5F);
  EXPECT_EQ(known.length, 4);
  model.probability(std::vector{9, 9, 2}, 3, &known);
  EXPECT_EQ(known.length, 2);
  model.probability(std::vector{9, 9, 9}, 3, &known);
  EXPECT_EQ(known.length, 1);
}

TEST(NgramModelTest, OrdersAreWhatFitsIntoKeys) {
  EXPECT_EQ(largest_ngram_order(2048), 5);
  EXPECT_EQ(largest_ngram_order(4096), 5);
  EXPECT_EQ(largest_ngram_order(8192), 4);
  EXPECT_EQ(largest_ngram_order(151936), 3);
}

TEST(NgramModelTest, DamageIsNamed) {
  const auto broken = [](auto change) {
    NgramTables tables = some_tables();
    change(tables);
    const auto model = NgramModel::create(std::move(tables), "FOLDER");
    return model ? std::string("none") : model.error().message;
  };
  EXPECT_EQ(broken([](NgramTables&) {}), "none");
  EXPECT_THAT(broken([](NgramTables& t) { t.tokens[3] = 50; }), HasSubstr("FOLDER"));
  EXPECT_THAT(broken([](NgramTables& t) { t.tokens[3] = 50; }), HasSubstr("tokens"));
  EXPECT_THAT(broken([](NgramTables& t) { t.begin[1] = -5; }), HasSubstr("begin"));
  EXPECT_THAT(broken([](NgramTables& t) { t.begin.back() += 1; }), HasSubstr("begin"));
  EXPECT_THAT(broken([](NgramTables& t) { t.order_begin[1] = 1 << 20; }), HasSubstr("order_begin"));
  EXPECT_THAT(broken([](NgramTables& t) { t.shares.pop_back(); }), HasSubstr("lengths"));
  EXPECT_THAT(broken([](NgramTables& t) { t.shares[0] = -1; }), HasSubstr("probabilities"));
  EXPECT_THAT(broken([](NgramTables& t) { std::swap(t.contexts[0], t.contexts[1]); }),
              HasSubstr("contexts"));
  EXPECT_THAT(broken([](NgramTables& t) { t.order = 9; }), HasSubstr("order"));
}

}  // namespace
}  // namespace pith
