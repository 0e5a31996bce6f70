#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "pith/base/context.h"
#include "pith/base/energy.h"
#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/train/train_config.h"
#include "pith/train/train_result.h"

// Trains a model on the tokens of prepare_tokens.h and writes a Hugging Face
// model folder.
namespace pith {

double steady_seconds();  // of a clock that only goes forward

struct TrainOptions {
  std::string tokens;  // the folder that prepare_tokens wrote
  std::string out;     // MODEL, the folder to write
  // How long to train: exactly one of the five is given. A budget is for everything: what came
  // before, planning, evaluations, and what the caller does afterwards.
  double budget_seconds = 0;          // wall time
  double budget_core_seconds = 0;     // wall time, times context.threads
  double budget_joules = 0;           // by the meter, which then is not null
  std::int64_t steps = 0;             // optimizer steps
  std::uint64_t tokens_to_train = 0;  // tokens seen
  double budget_spent = 0;  // seconds that went into making the tokens, in earlier sittings too,
  double budget_spent_here = 0;                    // and of them in this one
  double seconds_after = 0;                        // that the caller will take after the training
  std::shared_ptr<EnergyMeter> energy;             // counting since the tokens were begun
  std::function<double()> clock = steady_seconds;  // in seconds, of a budget too
  TrainConfig config;                              // what is zero in it is planned
  double checkpoint_seconds = 30;  // between checkpoints; not part of what is trained
  // Gets what is planned, in a line or two for people, before training begins.
  std::function<void(const std::string&)> on_plan;
};

// Plans size and schedule (plan.h), says so, trains, evaluates, saves:
//
//   MODEL/config.json, model.safetensors, generation_config.json, tokenizer.json,
//   tokenizer_config.json, special_tokens_map.json     loads in transformers
//   MODEL/training/plan.json         docs/formats/training_plan.md: what was planned, and the
//                                    revisions that kept to a budget; nothing else depends on
//                                    timing
//   MODEL/training/log.jsonl         docs/formats/training_log.md
//   MODEL/training/events.out.tfevents.*   the same curves for TensorBoard
//   MODEL/training/checkpoint/       while training, written beside it; removed at the end
//   MODEL/training/result.json       TrainResult, the last file to appear
//
// Killed at any moment, the same call goes on from the last checkpoint and ends with the same
// model.safetensors, to the byte; so does any number of threads. For a budget that holds for the
// plan as it was written: while steps are being taken, another speed of the machine, and time lost
// by the kill, may have the steps that are left revised. Each revision is in plan.json before a
// step follows it; once all are taken it says so, and the same plan gives the same bytes.
//
// Errors: kInput for a budget too small for one step (says what to give), tokens that are none,
// MODEL holding something else or another training, ten steps in a row that had to be skipped (says
// step, learning rate and what to try); kIo, such as a full disk, the last checkpoint staying;
// kFormat when no checkpoint is whole; kInterrupted after Ctrl-C, with a checkpoint.
Result<TrainResult> train(const TrainOptions& options, const Context& context);

// That `out` is free for a model: nothing there, or a training (maybe unfinished) of this program.
// Else a kInput error that says what lies there.
Status check_model_out(const std::string& out);

}  // namespace pith
