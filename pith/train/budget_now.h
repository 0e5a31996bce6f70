#pragma once

#include <string>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/train/train.h"

namespace pith {

// A budget in seconds of wall time, as the machine is now: with the threads that there are, and at
// the watts that it takes under load.
struct BudgetNow {
  double seconds = 0;  // 0: no budget was given
  double watts = 0;    // 0: it is not in joules
  std::string text;    // for people; empty where it is in seconds already
};

// For joules it loads all threads for half a second. kInput when the meter stands still meanwhile.
Result<BudgetNow> budget_now(const TrainOptions& options, const Context& context);

}  // namespace pith
