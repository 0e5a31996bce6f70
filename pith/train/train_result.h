#pragma once

#include <cstdint>
#include <string>

#include "pith/base/json.h"
#include "pith/base/result.h"

// What a training reached and took.
namespace pith {

struct TrainResult {
  std::uint64_t parameters = 0, active_parameters = 0;  // those that a token meets
  std::uint64_t tokens = 0;                             // seen in training, over all sittings
  double tokens_per_second = 0;                         // of the steps of this sitting
  double loss = 0;                                      // nats a token, mean over the last steps
  double bits_per_byte = 0;                             // on the held-out documents
  double seconds = 0;                                   // of all sittings
  std::int64_t steps = 0;
  std::int64_t skipped_steps = 0;  // of them, not taken (step_guard.h)
  std::int64_t planned_steps = 0;  // before the budget had them revised (budget_keeper.h)
  double expected_bits_per_byte = 0, expected_within = 0;  // of the plan, as TrainPlan has them
  double budget_seconds = 0;                               // 0: no budget was given
  double budget_seconds_spent = 0;  // of it, what came before the training included
  double joules = 0;                // of this sitting, where they are the budget
  double checkpoint_seconds = 0;    // that this sitting waited for checkpoints
  std::string sample;               // what the finished model continues <|bos|> with
  bool already_done = false;        // nothing was to do for these options
};

// All but already_done: training/result.json, and part of what --json prints. What is of a budget
// is left out where there was none.
Json to_json(const TrainResult& result);

// What to_json wrote to a file, as already_done. Errors: kIo, kFormat for what is no JSON.
Result<TrainResult> read_train_result(const std::string& path);

}  // namespace pith
