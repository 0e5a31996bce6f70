#pragma once

#include <cstdint>

#include "pith/train/train_plan.h"

namespace pith {

// Of a budget, the part after which everything is to be done: what cannot be foreseen, such as
// another program that takes the machine during the last evaluation, comes out of the rest.
inline constexpr double kBudgetAim = 0.98;

// Evaluating on a token takes so many times what a step takes for it, until it was measured: the
// forward pass alone.
inline constexpr double kEvaluationCost = 0.4;

// Keeps a training to its budget on a machine that becomes slower or faster: from what the steps of
// late took it foresees the end of everything, evaluations and files included, and says how many
// steps there should be. It has no clock; all times are given, in seconds of the budget spent.
//
// Threads: one at a time.
class BudgetKeeper {
 public:
  // A training goes on after `step` steps when `spent` seconds are. A whole step is expected to
  // take `step_seconds`, and what follows the last evaluation `files_seconds`.
  BudgetKeeper(const TrainPlan& plan, double step_seconds, double files_seconds, std::int64_t step,
               double spent);

  // What was done between steps, and took so long: an evaluation on so many tokens, a sample.
  void evaluated(std::uint64_t tokens, double seconds);
  void sampled(double seconds);

  // Whether it is time to look again: after a fiftieth of the budget, more often near its end.
  bool due(double spent, double budget) const;

  // Steps there should be in all, seen after `step` of them: plan.steps when they end with the
  // budget (from 1 % below what is aimed at to 0.5 % above it), and where the schedule cannot
  // change: in a ramp, in the mean of the last weights, and before the plan's last revision.
  std::int64_t revised_steps(const TrainPlan& plan, std::int64_t step, double spent, double budget);

  // From now to the end of everything, after `step` steps, as it looks now.
  double seconds_left(const TrainPlan& plan, std::int64_t step) const;

 private:
  double seconds_between_steps(const TrainPlan& plan, std::int64_t step) const;
  double seconds_behind_steps(const TrainPlan& plan) const;

  const double row_tokens_, files_seconds_;
  double row_seconds_;                    // of late
  double evaluation_cost_, sample_rows_;  // as parts of a step's token, and of its rows
  bool evaluated_ = false, sampled_ = false;
  std::int64_t last_step_;
  double last_spent_, aside_ = 0;  // between steps, since then
};

}  // namespace pith
