#include "pith/train/budget_keeper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace pith {
namespace {

TrainPlan plan_of(std::int64_t steps) {
  TrainPlan plan;
  plan.T = 256;
  plan.B = 4;
  plan.steps = steps;
  plan.evaluate_every = (steps + 9) / 10;
  plan.sample_every = (steps + 4) / 5;
  plan.glimpse_tokens = static_cast<std::uint64_t>(steps * 1024 / 400);
  plan.heldout_tokens = static_cast<std::uint64_t>(steps * 1024 / 12);
  return plan;
}

// A machine without a clock: what everything takes, times slowness(at what moment).
struct Machine {
  double step_seconds = 0.01, token = 0.01 / 1024 * 0.33, sample = 0.02, files = 0.15;
  std::function<double(double now)> slowness = [](double) { return 1.0; };
  double now = 0;
  std::int64_t revisions = 0;

  void work(double seconds) {  // in small pieces, as slowness may change meanwhile
    for (; seconds > 0; seconds -= 0.005) now += std::min(seconds, 0.005) * slowness(now);
  }

  // Trains to the end. `guessed` is what a step is said to take at first.
  void train(TrainPlan& plan, double guessed, double budget, std::int64_t first_step = 0) {
    BudgetKeeper keeper(plan, guessed, 0.1, first_step, now);
    for (std::int64_t step = first_step; step < plan.steps;) {
      work(step_seconds * plan.rows_at(step) / plan.B);
      ++step;
      if (step < plan.steps && plan.comes_to(plan.evaluate_every, step)) {
        const double begin = now;
        work(token * static_cast<double>(plan.glimpse_tokens));
        keeper.evaluated(plan.glimpse_tokens, now - begin);
      }
      if (step < plan.steps && plan.comes_to(plan.sample_every, step)) {
        const double begin = now;
        work(sample);
        keeper.sampled(now - begin);
      }
      if (step == plan.steps || !keeper.due(now, budget)) continue;
      const std::int64_t steps = keeper.revised_steps(plan, step, now, budget);
      ASSERT_GT(steps, step);
      if (steps == plan.steps) continue;
      plan.revise({step, steps});
      ASSERT_LT(++revisions, 1000) << "each is written to disk";
    }
    work(token * static_cast<double>(plan.glimpse_tokens + plan.heldout_tokens) + sample + files);
  }
};

void expect_kept(const Machine& machine, double budget, const char* what) {
  EXPECT_GE(machine.now, 0.95 * budget) << what;
  EXPECT_LE(machine.now, 1.005 * budget) << what;
}

TEST(BudgetKeeperTest, ASteadyMachineThatIsAsExpectedHasNoRevision) {
  TrainPlan plan = plan_of(3740);
  Machine machine;
  machine.train(plan, 0.01, 40);
  expect_kept(machine, 40, "steady");
  EXPECT_EQ(plan.revisions.size(), 0u);
}

TEST(BudgetKeeperTest, AWrongGuessIsMended) {
  for (const double budget : {10.0, 40.0, 600.0}) {
    for (const double wrong : {0.3, 0.8, 1.3, 4.0}) {  // times too slow
      TrainPlan plan = plan_of(static_cast<std::int64_t>(budget / 0.01 / wrong * 0.93));
      Machine machine;
      machine.train(plan, 0.01 * wrong, budget);
      expect_kept(machine, budget, "wrong guess");
      EXPECT_NEAR(static_cast<double>(plan.steps), budget / 0.01 * 0.93, budget / 0.01 * 0.1);
    }
  }
}

TEST(BudgetKeeperTest, AnotherProgramThatTakesHalfTheMachineIsMended) {
  struct Case {
    double begin, end;  // of the other program, as parts of the budget
  };
  for (const double budget : {40.0, 600.0}) {
    for (const Case& when : {Case{0, 0.5}, Case{0.5, 0.875}, Case{0.5, 2}, Case{0.8, 0.95},
                             Case{0.02, 0.9}, Case{0.9, 2}}) {
      TrainPlan plan = plan_of(static_cast<std::int64_t>(budget / 0.01 * 0.93));
      Machine machine;
      machine.slowness = [&](double now) {
        return now >= when.begin * budget && now < when.end * budget ? 2.0 : 1.0;
      };
      machine.train(plan, 0.01, budget);
      expect_kept(machine, budget,
                  (std::to_string(when.begin) + " to " + std::to_string(when.end)).c_str());
      EXPECT_GT(plan.revisions.size(), 0u);
    }
  }
}

TEST(BudgetKeeperTest, StepsThatAreFewAreKeptWithinHalfOfOne) {
  TrainPlan plan = plan_of(20);
  plan.heldout_tokens = plan.glimpse_tokens = 100;
  Machine machine;
  machine.step_seconds = 1;
  machine.train(plan, 2, 40);
  EXPECT_NEAR(machine.now, 0.98 * 40, 1);
  EXPECT_NEAR(static_cast<double>(plan.steps), 39, 1);
}

TEST(BudgetKeeperTest, ASpentBudgetEndsAfterAFewStepsMore) {
  TrainPlan plan = plan_of(4000);
  Machine machine;
  machine.now = 50;
  machine.train(plan, 0.01, 40, 100);
  EXPECT_LE(plan.steps, 120);
  EXPECT_LT(machine.now, 55);
}

TEST(BudgetKeeperTest, NeitherARampNorTheMeanOfTheLastWeightsIsChanged) {
  TrainPlan plan = plan_of(1000);
  plan.quarter_steps = plan.half_steps = 100;
  plan.average_steps = 100;
  const auto revised_at = [&](std::int64_t step, double spent) {
    return BudgetKeeper(plan, 0.01, 0, step - 1, spent - 0.02).revised_steps(plan, step, spent, 40);
  };
  EXPECT_EQ(revised_at(150, 10), 1000);
  EXPECT_NE(revised_at(250, 10), 1000);
  EXPECT_EQ(revised_at(900, 10), 1000);
  EXPECT_EQ(revised_at(950, 45), 1000);
  EXPECT_EQ(revised_at(500, 45), 500 + 100 + 3) << "the mean is whole";
  plan.revise({300, 900});
  EXPECT_EQ(revised_at(300, 35), 900) << "a resumed training takes the steps that were decided";
  EXPECT_NE(revised_at(301, 35), 900);
}

}  // namespace
}  // namespace pith
