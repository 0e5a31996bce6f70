#include "pith/train/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/model/parameters.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    tokens_.tokens = 1'000'000;
    tokens_.heldout_tokens = 20'000;
    tokens_.bytes = 3'000'000;
    tokens_.vocab = byte_tokenizer().vocab_size();
    options_.tokens = "TOKENS";
    options_.steps = 200;
    context_.seed = 7;
  }
  Result<TrainPlan> plan() const {
    return make_plan(options_, tokens_, hardness_, byte_tokenizer(), context_);
  }
  std::string error() const {
    const auto result = plan();
    return result ? "" : result.error().message;
  }

  TokensInfo tokens_;
  TextHardness hardness_{3, 2, 0};
  TrainOptions options_;
  Context context_;
};

TEST_F(PlanTest, StepsAndTokensArePlannedWithoutTiming) {
  const auto by_steps = plan();
  ASSERT_TRUE(by_steps) << by_steps.error().message;
  EXPECT_EQ(by_steps->steps, 200);
  EXPECT_EQ(by_steps->seed, 7u);
  EXPECT_EQ(by_steps->model.vocab_size, tokens_.vocab);
  EXPECT_EQ(by_steps->expected_seconds, 0);
  EXPECT_EQ(to_json(*by_steps).dump(), to_json(*plan()).dump());

  options_.config.batch_tokens = 2048;  // what steps have when nothing else is said
  options_.steps = 0;
  options_.tokens_to_train = static_cast<std::uint64_t>(200 * by_steps->batch_tokens() - 1);
  EXPECT_EQ(to_json(*plan()).dump(), to_json(*by_steps).dump());
  const auto parameters = [](const TrainPlan& p) { return count_parameters(p.model); };
  options_.tokens_to_train *= 100;
  EXPECT_GT(parameters(*plan()), parameters(*by_steps)) << "more tokens, a larger model";
}

TEST_F(PlanTest, TokensAreGuessedFromTheOptionsAlone) {
  options_.steps = 100;
  EXPECT_EQ(guessed_tokens(options_), 100u * 2048);
  options_.config.batch_tokens = 512;
  EXPECT_EQ(guessed_tokens(options_), 100u * 512);
  options_.steps = 0, options_.tokens_to_train = 12345;
  EXPECT_EQ(guessed_tokens(options_), 12345u);
  options_.tokens_to_train = 0, options_.budget_seconds = 180;
  EXPECT_EQ(guessed_tokens(options_), 9'000'000u);
  options_.budget_seconds = 0, options_.budget_core_seconds = 360;
  EXPECT_EQ(guessed_tokens(options_), 9'000'000u);
}

TEST_F(PlanTest, AShortTrainingHasSmallSteps) {
  options_.steps = 0;
  options_.tokens_to_train = 60'000;
  EXPECT_EQ(plan()->batch_tokens(), 512);
  options_.tokens_to_train = 600'000;
  EXPECT_EQ(plan()->batch_tokens(), 1024);
  options_.tokens_to_train = 10'000'000;
  EXPECT_EQ(plan()->batch_tokens(), 2048);
  options_.config.batch_tokens = 768;
  EXPECT_EQ(plan()->batch_tokens(), 768);
}

TEST_F(PlanTest, ARampSeesAsManyTokensInMoreSteps) {
  options_.steps = 0;
  options_.tokens_to_train = 4'000'000;
  options_.config.batch_tokens = 1024;
  const auto whole = plan();
  options_.config.batch_ramp = 0.4;
  const auto ramp = plan();
  ASSERT_TRUE(whole && ramp);
  EXPECT_GT(ramp->steps, whole->steps);
  EXPECT_NEAR(static_cast<double>(ramp->tokens()), 4e6, 3 * 1024);
}

TEST_F(PlanTest, WhatToExpectFollowsTheTextAndIsSaidAsARange) {
  TrainPlan before = *plan();
  EXPECT_GT(before.expected_bits_per_byte, 0.5);
  EXPECT_LT(before.expected_bits_per_byte, 3);
  hardness_.unigram *= 1.2;
  hardness_.trigram *= 1.2;
  EXPECT_NEAR(plan()->expected_bits_per_byte, 1.2 * before.expected_bits_per_byte, 1e-9);
  before.expected_bits_per_byte = 2;
  before.expected_within = 0.1;
  EXPECT_THAT(
      describe(before, 1'000'000),
      HasSubstr("409,600 tokens, 0.41 epochs of the documents; expect 1.80 to 2.20 bits per "
                "byte on held-out text"));
  before.expected_bits_per_byte = 0;
  EXPECT_THAT(describe(before, 1'000'000), testing::Not(HasSubstr("expect")));
}

TEST_F(PlanTest, ABudgetGoesIntoStepsOfAMeasuredSize) {
  // A clock that goes on by a millisecond when it is asked, for one size: what it says is the same
  // on every machine.
  double now = 0;
  options_.clock = [&] { return now += 0.001; };
  options_.config.hidden_size = 64;
  options_.config.layers = options_.config.heads = 2;
  options_.steps = 0;
  options_.budget_seconds = 2;
  const auto short_plan = plan();
  ASSERT_TRUE(short_plan) << short_plan.error().message;
  EXPECT_GT(short_plan->expected_seconds, 1.6);
  EXPECT_LT(short_plan->expected_seconds, 1.97);
  EXPECT_NEAR(static_cast<double>(short_plan->steps), short_plan->expected_seconds / 0.002, 1);
  options_.budget_spent = 1.5;
  const auto half_spent = plan();
  ASSERT_TRUE(half_spent) << half_spent.error().message;
  EXPECT_LT(half_spent->expected_seconds, 0.5);
  options_.budget_spent = 1.99;
  EXPECT_THAT(error(), HasSubstr("--budget 2.0 s is too short: what comes before training took"));
}

TEST_F(PlanTest, AHeadOfItsOwnUnlessToldOtherwise) {
  EXPECT_FALSE(plan()->model.tie_embeddings);
  EXPECT_THAT(describe(*plan(), 0), HasSubstr(" of them active for a token"));
  options_.config.tie_embeddings = true;
  EXPECT_TRUE(plan()->model.tie_embeddings);
  EXPECT_THAT(describe(*plan(), 0), testing::Not(HasSubstr("active")));
}

TEST_F(PlanTest, WhatIsConfiguredStays) {
  options_.config.hidden_size = 48;
  options_.config.layers = 3;
  options_.config.heads = 4;
  options_.config.key_value_heads = 2;
  options_.config.intermediate_size = 80;
  options_.config.context_length = 32;
  options_.config.tie_embeddings = true;
  options_.config.batch_tokens = 96;
  options_.config.learning_rate = 0.002;
  options_.config.final_learning_rate = 0.5;
  options_.config.warmup = 0.1;
  const auto result = plan();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->model.hidden_size, 48);
  EXPECT_EQ(result->model.layers, 3);
  EXPECT_EQ(result->model.head_size, 12);
  EXPECT_EQ(result->model.kv_heads, 2);
  EXPECT_EQ(result->model.intermediate_size, 80);
  EXPECT_TRUE(result->model.tie_embeddings);
  EXPECT_EQ(result->T, 32);
  EXPECT_EQ(result->B, 3);
  EXPECT_EQ(result->B % result->rows_at_once, 0);
  EXPECT_EQ(result->learning_rate, 0.002);
  EXPECT_EQ(result->final_learning_rate, 0.001);
  EXPECT_EQ(result->warmup_steps, 20);
  EXPECT_EQ(result->decay_steps, 180) << "there is no more to fall in";
  EXPECT_FALSE(result->quarter_steps + result->half_steps + result->average_steps);
  options_.config.optimizer = "adamw";
  options_.config.warmup = 0.25;
  options_.config.decay = 0.5;
  options_.config.batch_ramp = 0.2;
  options_.config.average = 0.1;
  const auto scheduled = plan();
  ASSERT_TRUE(scheduled);
  EXPECT_FALSE(scheduled->muon);
  EXPECT_EQ(scheduled->warmup_steps, 50);
  EXPECT_EQ(scheduled->decay_steps, 100);
  EXPECT_EQ(scheduled->quarter_steps, 20);
  EXPECT_EQ(scheduled->half_steps, 20);
  EXPECT_EQ(scheduled->average_steps, 20);
  EXPECT_EQ(scheduled->steps, 200) << "a ramp leaves the steps that were asked for";
}

TEST_F(PlanTest, WhatDoesNotFitTogetherIsSaid) {
  options_.budget_seconds = 60;
  EXPECT_THAT(error(), HasSubstr("give one of"));
  options_.budget_seconds = 0;
  options_.steps = 0;
  EXPECT_THAT(error(), HasSubstr("give one of"));
  options_.steps = 200;
  options_.config.batch_tokens = 1000;
  EXPECT_THAT(error(), HasSubstr("batch_tokens 1000 is no multiple of context_length 256"));
  options_.config.batch_tokens = 0;
  options_.config.hidden_size = 100;
  options_.config.heads = 3;
  EXPECT_THAT(error(), HasSubstr("100 is no multiple of heads 3"));
  options_.config = {};
  context_.memory_bytes = 10 << 20;
  EXPECT_THAT(error(), HasSubstr("--memory"));
}

TEST_F(PlanTest, APlanComesBackFromItsFile) {
  options_.config.weight_decay = 0.05;
  const TrainPlan before = *plan();
  const auto after = parse_plan(to_json(before), Json(), "plan.json");
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(to_json(*after).dump(), to_json(before).dump());
  EXPECT_EQ(after->model, before.model);
  EXPECT_THAT(describe(before, 0), HasSubstr("200 steps of 2,048 tokens"));

  for (const char* field : {"steps", "rows", "rows_at_once", "context_length", "log_every"}) {
    Json broken = to_json(before);
    broken.set(field, 0);
    const auto result = parse_plan(broken, Json(), "plan.json");
    ASSERT_FALSE(result) << field;
    EXPECT_THAT(result.error().message, HasSubstr("plan.json"));
  }
}

}  // namespace
}  // namespace pith
