#include "pith/infer/sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

namespace pith {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> random_logits(std::size_t vocab, std::uint64_t seed, double scale) {
  Random random(seed);
  std::vector<float> logits(vocab);
  for (float& logit : logits) logit = static_cast<float>(scale * random.normal());
  return logits;
}

Sampler make(const SamplerOptions& options) { return Sampler::create(options).value(); }

// Upper bound on chi-square with `freedom` degrees that chance exceeds once in about 10^5 tries
// (Wilson, Hilferty 1931).
double chi_square_bound(double freedom) {
  const double a = 2 / (9 * freedom);
  return freedom * std::pow(1 - a + 4.26 * std::sqrt(a), 3);
}

TEST(SamplerTest, KeepsWhatTheReferenceKeeps) {
  const std::vector<int> seen = {3, 5, 5, 7, 900};
  for (const double scale : {0.01, 1.0, 5.0}) {
    const auto logits = random_logits(1000, 7, scale);
    for (const int top_k : {0, 1, 40, 999, 5000}) {
      for (const double top_p : {1.0, 0.9, 0.3, 1e-9}) {
        for (const double min_p : {0.0, 0.05, 1.0}) {
          for (const double penalty : {1.0, 1.3}) {
            Sampler sampler = make({.temperature = 0.7,
                                    .top_k = top_k,
                                    .top_p = top_p,
                                    .min_p = min_p,
                                    .repetition_penalty = penalty});
            const auto candidates = sampler.distribution(logits, seen).value();
            const auto expected = sampler.distribution_ref(logits, seen).value();
            ASSERT_EQ(candidates.size(), expected.size()) << top_k << " " << top_p << " " << min_p;
            for (std::size_t i = 0; i < expected.size(); ++i) {
              ASSERT_EQ(candidates[i].id, expected[i].id);
              ASSERT_NEAR(candidates[i].probability, expected[i].probability,
                          1e-5 * expected[i].probability);
            }
          }
        }
      }
    }
  }
}

// Chi-square of how often each token was drawn, against what the reference expects; -1 when a token
// outside of its distribution was.
double chi_square(const std::map<int, int>& counts, const std::vector<Candidate>& expected) {
  int draws = 0, found = 0;
  for (const auto& [id, count] : counts) draws += count;
  double sum = 0;
  for (const Candidate& candidate : expected) {
    const double mean = candidate.probability * draws;
    const auto count = counts.find(candidate.id);
    const int drawn = count == counts.end() ? 0 : count->second;
    sum += (drawn - mean) * (drawn - mean) / mean;
    found += drawn;
  }
  return found == draws ? sum : -1;
}

TEST(SamplerTest, DrawsFollowTheReferenceByChiSquare) {
  const auto logits = random_logits(60, 3, 1.5);
  for (const SamplerOptions& options :
       {SamplerOptions{.temperature = 1, .top_p = 1, .seed = 1},
        SamplerOptions{.temperature = 0.6, .top_k = 20, .top_p = 1, .seed = 2},
        SamplerOptions{.temperature = 1.4, .top_p = 0.8, .seed = 3},
        SamplerOptions{.temperature = 1, .top_k = 30, .top_p = 0.9, .min_p = 0.02, .seed = 4}}) {
    Sampler sampler = make(options);
    std::map<int, int> counts;
    for (int i = 0; i < 100000; ++i) ++counts[sampler.sample(logits, {}).value()];
    const auto expected = sampler.distribution_ref(logits, {}).value();
    const double found = chi_square(counts, expected);
    EXPECT_GE(found, 0);
    EXPECT_LT(found, chi_square_bound(static_cast<double>(expected.size()) - 1));
  }
}

// People ask again with another seed: the first draws of all seeds must follow it as well.
TEST(SamplerTest, FirstDrawsOverSeedsFollowTheReferenceByChiSquare) {
  const auto logits = random_logits(40, 5, 1.0);
  SamplerOptions options{.temperature = 0.9, .top_k = 25, .top_p = 0.95, .min_p = 0.01};
  const auto expected = make(options).distribution_ref(logits, {}).value();
  std::map<int, int> counts;
  for (options.seed = 0; options.seed < 50000; ++options.seed) {
    ++counts[make(options).sample(logits, {}).value()];
  }
  const double found = chi_square(counts, expected);
  EXPECT_GE(found, 0);
  EXPECT_LT(found, chi_square_bound(static_cast<double>(expected.size()) - 1));
}

TEST(SamplerTest, TheSameSeedDrawsTheSameTokens) {
  const auto logits = random_logits(500, 9, 1);
  const auto draws = [&](std::uint64_t seed) {
    Sampler sampler = make({.seed = seed});
    std::vector<int> ids;
    for (int i = 0; i < 50; ++i) ids.push_back(sampler.sample(logits, {}).value());
    return ids;
  };
  EXPECT_EQ(draws(1), draws(1));
  EXPECT_NE(draws(1), draws(2));
}

TEST(SamplerTest, TemperatureZeroTakesTheFirstOfEquals) {
  std::vector<float> logits(100, -1.0f);
  logits[40] = logits[17] = logits[99] = 2.5f;
  EXPECT_EQ(make({.temperature = 0}).sample(logits, {}).value(), 17);
}

TEST(SamplerTest, TopKOfEqualsKeepsTheLowestIds) {
  const std::vector<float> logits(50, 0.0f);
  Sampler sampler = make({.temperature = 1, .top_k = 3, .top_p = 1});
  std::vector<int> ids;
  const auto candidates = sampler.distribution(logits, {}).value();
  for (const Candidate& candidate : candidates) {
    ids.push_back(candidate.id);
  }
  EXPECT_THAT(ids, testing::ElementsAre(0, 1, 2));
}

TEST(SamplerTest, BannedTokensNeverCome) {
  std::vector<float> logits = {9, 1, 8, 1};
  Sampler greedy = make({.temperature = 0});
  greedy.ban({0, 77, -1});
  EXPECT_EQ(greedy.sample(logits, {}).value(), 2);
  Sampler sampler = make({.temperature = 10, .top_p = 1});
  sampler.ban({0, 2});
  for (int i = 0; i < 200; ++i) EXPECT_EQ(sampler.sample(logits, {}).value() % 2, 1);
}

TEST(SamplerTest, TinyTemperaturesAndFarLogitsStayFinite) {
  const std::vector<float> logits = {-3e38f, 3e38f, 0, -kInfinity};
  EXPECT_EQ(make({.temperature = 1e-30}).sample(logits, {}).value(), 1);
  const std::vector<float> alone = {-kInfinity, -kInfinity, -5};
  EXPECT_EQ(make({.temperature = 2}).sample(alone, {}).value(), 2);
}

TEST(SamplerTest, DamagedLogitsAreAnError) {
  Sampler sampler = make({});
  EXPECT_FALSE(sampler.sample(std::vector<float>{1, NAN, 2}, {}).ok());
  EXPECT_FALSE(sampler.sample(std::vector<float>{1, kInfinity, 2}, {}).ok());
  EXPECT_FALSE(sampler.sample(std::vector<float>{-kInfinity, -kInfinity}, {}).ok());
  EXPECT_FALSE(sampler.sample(std::vector<float>{}, {}).ok());
}

TEST(SamplerTest, OptionsOutOfRangeAreNamed) {
  const auto message = [](const SamplerOptions& options) {
    const auto sampler = Sampler::create(options);
    return sampler.ok() ? std::string() : sampler.error().message;
  };
  EXPECT_THAT(message({.temperature = kNaN}), testing::HasSubstr("temperature"));
  EXPECT_THAT(message({.temperature = -1}), testing::HasSubstr("temperature"));
  EXPECT_THAT(message({.temperature = std::numeric_limits<double>::infinity()}),
              testing::HasSubstr("temperature"));
  EXPECT_THAT(message({.top_k = -1}), testing::HasSubstr("top_k"));
  EXPECT_THAT(message({.top_p = 0}), testing::HasSubstr("top_p"));
  EXPECT_THAT(message({.top_p = kNaN}), testing::HasSubstr("top_p"));
  EXPECT_THAT(message({.min_p = 1.5}), testing::HasSubstr("min_p"));
  EXPECT_THAT(message({.repetition_penalty = 0}), testing::HasSubstr("repetition penalty"));
  EXPECT_EQ(message({.temperature = 0, .top_k = 5, .top_p = 1, .min_p = 1}), "");
}

}  // namespace
}  // namespace pith
