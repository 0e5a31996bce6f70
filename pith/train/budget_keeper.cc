#include "pith/train/budget_keeper.h"

#include <algorithm>
#include <cmath>

namespace pith {
namespace {

constexpr double kEvery = 0.02, kEveryOfRest = 0.1, kNotBelow = 0.002;  // between looks
constexpr double kEarly = 0.01, kLate = 0.005;                          // that change nothing
constexpr std::int64_t kLeastMore = 3;                                  // steps
constexpr double kGuessedSampleTokens = 2048;  // 64 passes, of 32 tokens on average

// How often the schedule comes to a multiple of `every` between `step` steps and its end, neither
// included.
double times_left(const TrainPlan& plan, std::int64_t every, std::int64_t step) {
  const auto end = static_cast<double>(plan.first_steps() - 1), each = static_cast<double>(every);
  return std::max(0.0, std::floor(end / each) - std::floor(plan.position(step) / each));
}

}  // namespace

BudgetKeeper::BudgetKeeper(const TrainPlan& plan, double step_seconds, double files_seconds,
                           std::int64_t step, double spent)
    : row_tokens_(plan.T),
      files_seconds_(files_seconds),
      row_seconds_(std::max(1e-9, step_seconds / plan.B)),
      evaluation_cost_(kEvaluationCost),
      sample_rows_(kGuessedSampleTokens * kEvaluationCost / plan.T),
      last_step_(step),
      last_spent_(spent) {}

void BudgetKeeper::evaluated(std::uint64_t tokens, double seconds) {
  aside_ += seconds;
  if (tokens == 0) return;
  const double cost = seconds / static_cast<double>(tokens) / (row_seconds_ / row_tokens_);
  evaluation_cost_ = evaluated_ ? (evaluation_cost_ + cost) / 2 : cost;
  evaluated_ = true;
}

void BudgetKeeper::sampled(double seconds) {
  aside_ += seconds;
  const double rows = seconds / row_seconds_;
  sample_rows_ = sampled_ ? (sample_rows_ + rows) / 2 : rows;
  sampled_ = true;
}

bool BudgetKeeper::due(double spent, double budget) const {
  const double left = std::max(0.0, budget - spent);
  return spent - last_spent_ >=
         std::max(kNotBelow * budget, std::min(kEvery * budget, kEveryOfRest * left));
}

double BudgetKeeper::seconds_between_steps(const TrainPlan& plan, std::int64_t step) const {
  const double evaluations =
      times_left(plan, plan.evaluate_every, step) * static_cast<double>(plan.glimpse_tokens);
  const double samples = times_left(plan, plan.sample_every, step);
  return row_seconds_ * (evaluations * evaluation_cost_ / row_tokens_ + samples * sample_rows_);
}

double BudgetKeeper::seconds_behind_steps(const TrainPlan& plan) const {
  const auto tokens = static_cast<double>(plan.glimpse_tokens + plan.heldout_tokens);
  return row_seconds_ * (tokens * evaluation_cost_ / row_tokens_ + sample_rows_) + files_seconds_;
}

double BudgetKeeper::seconds_left(const TrainPlan& plan, std::int64_t step) const {
  const std::int64_t rows = plan.rows_before(plan.steps) - plan.rows_before(step);
  return row_seconds_ * static_cast<double>(rows) + seconds_between_steps(plan, step) +
         seconds_behind_steps(plan);
}

std::int64_t BudgetKeeper::revised_steps(const TrainPlan& plan, std::int64_t step, double spent,
                                         double budget) {
  const auto rows = static_cast<double>(plan.rows_before(step) - plan.rows_before(last_step_));
  if (const double elapsed = spent - last_spent_ - aside_; rows > 0 && elapsed > 0) {
    row_seconds_ = (row_seconds_ + elapsed / rows) / 2;
  }
  last_step_ = step;
  last_spent_ = spent;
  aside_ = 0;

  const std::int64_t revised_at = plan.revisions.empty() ? 0 : plan.revisions.back().at_step;
  if (step <= revised_at || step < plan.quarter_steps + plan.half_steps ||
      step >= plan.steps - plan.average_steps) {
    return plan.steps;
  }
  const double aim = kBudgetAim * budget, end = spent + seconds_left(plan, step);
  if (end >= aim - kEarly * budget && end <= aim + kLate * budget) return plan.steps;
  const double left = aim - spent - seconds_between_steps(plan, step) - seconds_behind_steps(plan);
  const double more = std::floor(left / (row_seconds_ * plan.B));
  // As a double, since a first guess may be off by any factor.
  const double least = static_cast<double>(plan.average_steps + kLeastMore);
  const std::int64_t steps = step + static_cast<std::int64_t>(std::clamp(more, least, 1e12));
  // Late, a step more would never come to an end.
  return end > aim ? std::min(plan.steps, steps) : std::max(plan.steps, steps);
}

}  // namespace pith
