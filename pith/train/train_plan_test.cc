#include "pith/train/train_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "pith/nn/adamw.h"
#include "pith/nn/muon.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

TEST(TrainPlanTest, TheLearningRateRisesThenFallsToItsEnd) {
  TrainPlan plan;
  plan.B = 1;
  plan.steps = 100;
  plan.warmup_steps = 10;
  plan.decay_steps = 90;
  plan.learning_rate = 1;
  plan.final_learning_rate = 0.1;
  EXPECT_DOUBLE_EQ(plan.learning_rate_at(0), 0.1);
  EXPECT_DOUBLE_EQ(plan.learning_rate_at(9), 1);
  EXPECT_DOUBLE_EQ(plan.learning_rate_at(54), 0.55);
  EXPECT_DOUBLE_EQ(plan.learning_rate_at(99), 0.1);
  for (std::int64_t step = 10; step < 100; ++step) {
    EXPECT_LT(plan.learning_rate_at(step), plan.learning_rate_at(step - 1));
  }
  plan.steps = 1;
  plan.warmup_steps = 0;
  plan.decay_steps = 1;
  EXPECT_GT(plan.learning_rate_at(0), 0) << "a single step is taken with some rate";
}

TEST(TrainPlanTest, BetweenRiseAndFallTheRateStays) {
  TrainPlan plan;
  plan.B = 1;
  plan.steps = 100;
  plan.warmup_steps = 10;
  plan.decay_steps = 40;
  plan.learning_rate = 1;
  for (std::int64_t step = 9; step < 60; ++step) EXPECT_EQ(plan.learning_rate_at(step), 1) << step;
  EXPECT_DOUBLE_EQ(plan.learning_rate_at(60), 1 - 1.0 / 40);
  EXPECT_DOUBLE_EQ(plan.learning_rate_at(99), 0);
}

TrainPlan plan_of(std::int64_t steps) {
  TrainPlan plan;
  plan.B = 1;
  plan.steps = steps;
  plan.warmup_steps = steps / 10;
  plan.decay_steps = steps / 2;
  plan.learning_rate = 1;
  plan.final_learning_rate = 0.1;
  return plan;
}

TEST(TrainPlanTest, ARevisionLeavesWhatIsDoneAndEndsWhereThePlanEnds) {
  const TrainPlan before = plan_of(100);
  for (const std::int64_t at : {3, 30, 70, 99}) {
    for (const std::int64_t steps : {at + 1, at + 3, std::int64_t{100}, std::int64_t{500}}) {
      TrainPlan plan = before;
      plan.revise({at, steps});
      EXPECT_EQ(plan.first_steps(), 100);
      for (std::int64_t step = 0; step < at; ++step) {
        ASSERT_EQ(plan.learning_rate_at(step), before.learning_rate_at(step)) << at << " " << steps;
      }
      EXPECT_DOUBLE_EQ(plan.position(at), static_cast<double>(at));
      EXPECT_DOUBLE_EQ(plan.position(steps), 100);
      EXPECT_NEAR(plan.learning_rate_at(steps - 1), 0.1, 1e-12);
      double last = plan.position(at);
      for (std::int64_t step = at; step < steps; ++step) {
        EXPECT_GT(plan.position(step + 1), last);
        last = plan.position(step + 1);
        EXPECT_LE(plan.learning_rate_at(step), 1);
        EXPECT_GE(plan.learning_rate_at(step), 0.09);
      }
    }
  }
}

TEST(TrainPlanTest, EvaluationsFollowTheScheduleNotTheStep) {
  const auto times = [](const TrainPlan& plan) {
    int count = 0;
    for (std::int64_t step = 1; step <= plan.steps; ++step) count += plan.comes_to(10, step);
    return count;
  };
  TrainPlan plan = plan_of(100);
  for (std::int64_t step = 1; step <= 100; ++step) {
    EXPECT_EQ(plan.comes_to(7, step), step % 7 == 0) << step;
  }
  EXPECT_EQ(times(plan), 10);
  plan.revise({15, 300});
  EXPECT_EQ(times(plan), 10);
  plan.revise({150, 180});
  EXPECT_EQ(times(plan), 10);
}

TEST(TrainPlanTest, TwiceTheStepsPassTheScheduleAtHalfTheSpeed) {
  TrainPlan plan = plan_of(100);
  plan.revise({20, 180});
  EXPECT_DOUBLE_EQ(plan.position(100), 60);
  plan.revise({100, 120});  // and then at twice the speed it had at first
  EXPECT_DOUBLE_EQ(plan.position(10), 10);
  EXPECT_DOUBLE_EQ(plan.position(60), 40);
  EXPECT_DOUBLE_EQ(plan.position(100), 60);
  EXPECT_DOUBLE_EQ(plan.position(110), 80);
  EXPECT_DOUBLE_EQ(plan.learning_rate_at(109), plan_of(100).learning_rate_at(79));
}

TEST(TrainPlanTest, ARampHasSmallerStepsFirstAndCountsTheirRows) {
  for (const int B : {1, 2, 3, 16}) {
    TrainPlan plan;
    plan.B = B;
    plan.T = 10;
    plan.steps = 20;
    plan.quarter_steps = 4;
    plan.half_steps = 5;
    plan.learning_rate = 1;
    std::int64_t rows = 0;
    for (std::int64_t step = 0; step < plan.steps; ++step) {
      EXPECT_EQ(plan.rows_before(step), rows) << step;
      rows += plan.rows_at(step);
    }
    EXPECT_EQ(plan.tokens(), rows * 10);
    EXPECT_EQ(plan.rows_at(3), std::max(1, B / 4));
    EXPECT_EQ(plan.rows_at(8), std::max(1, B / 2));
    EXPECT_EQ(plan.rows_at(9), B);
    EXPECT_DOUBLE_EQ(plan.learning_rate_at(8), std::sqrt(plan.rows_at(8) / static_cast<double>(B)));
  }
}

TEST(TrainPlanTest, TheOptimizerIsThePlannedOne) {
  const auto model = small_model();
  TrainPlan plan;
  plan.learning_rate = plan.adamw_learning_rate = 0.01;
  plan.orthogonal_steps = 5;
  const auto adamw = make_optimizer(plan, model->parameters(), 1);
  EXPECT_NE(dynamic_cast<AdamW*>(adamw.get()), nullptr);
  plan.muon = true;
  const auto muon = make_optimizer(plan, model->parameters(), 1);
  EXPECT_NE(dynamic_cast<Muon*>(muon.get()), nullptr);
  EXPECT_LT(muon->state().size(), adamw->state().size()) << "one moment where AdamW has two";
}

}  // namespace
}  // namespace pith
