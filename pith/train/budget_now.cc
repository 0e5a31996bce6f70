#include "pith/train/budget_now.h"

#include <algorithm>
#include <cstdio>

#include "pith/base/units.h"

namespace pith {
namespace {

constexpr double kLoadSeconds = 0.5;

}  // namespace

Result<BudgetNow> budget_now(const TrainOptions& options, const Context& context) {
  const int threads = std::max(1, context.threads);
  BudgetNow now;
  now.seconds = options.budget_seconds;
  if (options.budget_core_seconds > 0) {
    now.seconds = options.budget_core_seconds / threads;
    now.text = "budget: " + format_duration(now.seconds) + " of " + std::to_string(threads) +
               (threads == 1 ? " thread" : " threads");
  }
  if (options.budget_joules > 0) {
    now.watts = watts_under_load(*options.energy, threads, kLoadSeconds);
    if (!(now.watts > 0)) {
      return input_error(
          "[train] the counters of energy stand still under load; give --budget in minutes or "
          "core-hours, such as 3m or 0.5core-h");
    }
    const double left = std::max(0.0, options.budget_joules - options.energy->joules());
    now.seconds = options.budget_spent + kLoadSeconds + left / now.watts;
    char watts[32];
    std::snprintf(watts, sizeof(watts), "%.1f W", now.watts);
    now.text = "budget: about " + format_duration(now.seconds) + " at " + watts;
  }
  return now;
}

}  // namespace pith
