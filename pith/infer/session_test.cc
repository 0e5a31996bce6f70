#include "pith/infer/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "pith/base/random.h"
#include "pith/infer/testing/random_model.h"
#include "pith/ngram/interpolation.h"

namespace pith {
namespace {

std::vector<int> random_ids(std::size_t count, int vocab) {
  Random random(11);
  std::vector<int> ids(count);
  for (int& id : ids) id = static_cast<int>(random.below(static_cast<std::uint64_t>(vocab)));
  return ids;
}

std::vector<float> score(Session& session, std::span<const int> ids, int vocab) {
  std::vector<float> logits(ids.size() * static_cast<std::size_t>(vocab));
  EXPECT_TRUE(session.score(ids, logits).ok());
  return logits;
}

std::vector<float> copy(std::span<const float> values) { return {values.begin(), values.end()}; }

TEST(SessionTest, FollowsTheDefinition) {
  ModelConfig tied = awkward_config();
  tied.tie_embeddings = true;
  tied.kv_heads = 1;
  ModelConfig even = awkward_config();
  even.hidden_size = 64, even.head_size = 16, even.heads = 4, even.kv_heads = 4;
  for (const ModelConfig& config : {awkward_config(), tied, even}) {
    const RandomModel random = RandomModel::make(config, 5);
    const Model model = random.model();
    const auto ids = random_ids(150, config.vocab_size);
    Session session(model, {.threads = 2});
    const auto logits = score(session, ids, config.vocab_size);
    const auto expected = random.logits_ref(ids);
    double largest = 0;
    for (const double value : expected) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < logits.size(); ++i) {
      ASSERT_NEAR(static_cast<double>(logits[i]), expected[i], 1e-5 * largest) << i;
    }
  }
}

TEST(SessionTest, BitsDoNotDependOnPiecesOrThreads) {
  const ModelConfig config = awkward_config();
  // More than 128 a pass and 64 a block.
  expect_same_bits_in_pieces(RandomModel::make(config, 6).model(),
                             random_ids(290, config.vocab_size));
}

TEST(SessionTest, ForgetsWhatIsTruncated) {
  const ModelConfig config = awkward_config();
  const Model model = RandomModel::make(config, 7).model();
  const auto ids = random_ids(100, config.vocab_size);
  Session session(model);
  const auto expected = copy(session.prefill(std::span(ids).first(70)).value());
  ASSERT_TRUE(session.prefill(std::span(ids).subspan(70)).ok());
  session.truncate(69);
  EXPECT_EQ(session.length(), 69);
  EXPECT_EQ(session.ids().size(), 69u);
  EXPECT_EQ(copy(session.decode(ids[69]).value()), expected);
  session.truncate(0);
  EXPECT_EQ(session.cache_bytes(), 0u);
  EXPECT_EQ(copy(session.prefill(std::span(ids).first(70)).value()), expected);
}

class CountedNgramsTest : public testing::Test {
 protected:
  static constexpr int kVocab = 263;
  static RandomModel counted() {
    RandomModel random = RandomModel::make(awkward_config(), 12);
    random.interpolation = random_interpolation(kVocab, 9, 3);
    return random;
  }
  const Model model_ = counted().model();
  const std::vector<int> ids_ = random_ids(200, 11);  // two of the ids were never counted
};

TEST_F(CountedNgramsTest, LogitsAreLogarithmsOfTheMixture) {
  const Model network = RandomModel::make(awkward_config(), 12).model();
  Session alone(network), mixed(model_);
  const auto logits = score(alone, ids_, kVocab), logarithms = score(mixed, ids_, kVocab);
  const Interpolation& interpolation = *model_.interpolation();
  std::vector<int> lengths(5);
  for (std::size_t t = 0; t < ids_.size(); ++t) {
    const auto row = std::span(logits).subspan(t * kVocab, kVocab);
    double sum = 0;
    for (const float logit : row) sum += std::exp(double{logit});
    for (int v = 0; v < kVocab; ++v) {
      const auto at = static_cast<std::size_t>(v);
      NgramModel::Known known;
      const double ngram = interpolation.model.probability(std::span(ids_).first(t + 1), v, &known);
      const double weight = interpolation.weights.of(known);
      const double expected = weight * std::exp(double{row[at]}) / sum + (1 - weight) * ngram;
      ASSERT_NEAR(logarithms[t * kVocab + at], std::log(expected), 1e-4) << t << ", " << v;
      if (v == 0) ++lengths[static_cast<std::size_t>(known.length)];
    }
  }
  EXPECT_THAT(std::span(lengths).subspan(1), testing::Each(testing::Gt(5)));  // all were met
}

TEST_F(CountedNgramsTest, BitsDoNotDependOnPiecesOrThreads) {
  Session whole(model_);
  const auto expected = score(whole, ids_, kVocab);
  for (const int threads : {1, 3}) {
    Session pieces(model_, {.threads = threads}), at_once(model_, {.threads = threads});
    EXPECT_EQ(score(at_once, ids_, kVocab), expected) << threads << " threads";
    std::size_t begin = 0;
    for (const std::size_t length : {1, 1, 2, 130, 1, 65}) {
      const auto logits = pieces.prefill(std::span(ids_).subspan(begin, length));
      begin += length;
      const auto row = std::span(expected).subspan((begin - 1) * kVocab, kVocab);
      ASSERT_EQ(copy(logits.value()), copy(row)) << begin << " tokens, " << threads << " threads";
    }
    EXPECT_EQ(begin, ids_.size());
  }
}

TEST_F(CountedNgramsTest, WhatIsTruncatedIsNoContext) {
  Session session(model_);
  ASSERT_TRUE(session.prefill(ids_));
  session.truncate(20);
  const std::vector<int> others = {3, 1, 4};
  ASSERT_TRUE(session.prefill(others));
  std::vector<int> whole(ids_.begin(), ids_.begin() + 20);
  whole.insert(whole.end(), others.begin(), others.end());
  Session fresh(model_);
  const auto expected = copy(fresh.prefill(whole).value());
  session.truncate(22);
  EXPECT_EQ(copy(session.decode(4).value()), expected);
}

TEST(SessionTest, MemoryFollowsTheTokens) {
  const Model model = RandomModel::make(awkward_config(), 8).model();
  Session session(model);
  const auto ids = random_ids(200, 263);
  ASSERT_TRUE(session.prefill(std::span(ids).first(1)).ok());
  const std::size_t one = session.cache_bytes();
  ASSERT_TRUE(session.prefill(std::span(ids).subspan(1, 63)).ok());
  EXPECT_EQ(session.cache_bytes(), one);
  ASSERT_TRUE(session.decode(5).ok());
  EXPECT_EQ(session.cache_bytes(), 2 * one);
}

TEST(SessionTest, WhatDoesNotFitIsAnErrorAndChangesNothing) {
  const Model model = RandomModel::make(awkward_config(), 9).model();
  Session session(model, {.max_tokens = 10});
  EXPECT_EQ(session.max_tokens(), 10);
  const auto ids = random_ids(11, 263);
  ASSERT_TRUE(session.prefill(std::span(ids).first(4)).ok());
  const auto too_long = session.prefill(std::span(ids).first(7));
  ASSERT_FALSE(too_long.ok());
  EXPECT_EQ(too_long.error().kind, ErrorKind::kCapacity);
  EXPECT_THAT(too_long.error().message, testing::HasSubstr("11 tokens do not fit"));
  EXPECT_EQ(session.length(), 4);
  EXPECT_TRUE(session.prefill(std::span(ids).first(6)).ok());
  EXPECT_FALSE(session.decode(0).ok());
  EXPECT_EQ(Session(model, {.max_tokens = 100000}).max_tokens(), 300);
}

TEST(SessionTest, IdsOutsideOfTheVocabularyAreAnError) {
  const Model model = RandomModel::make(awkward_config(), 9).model();
  Session session(model);
  for (const int id : {-1, 263, 1 << 30}) {
    const auto result = session.decode(id);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, ErrorKind::kInput);
  }
  EXPECT_FALSE(session.prefill({}).ok());
  EXPECT_EQ(session.length(), 0);
}

}  // namespace
}  // namespace pith
