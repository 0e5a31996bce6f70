#pragma once

#include <cstdint>
#include <string>

#include "pith/base/context.h"
#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/model/config.h"
#include "pith/text/tokenizer.h"
#include "pith/train/prepare_tokens.h"
#include "pith/train/train.h"

namespace pith {

// Everything that the bytes of the trained model depend on, besides the tokens. Once it is made,
// nothing depends on timing.
struct TrainPlan {
  ModelConfig model;
  int T = 0;               // tokens a row
  int B = 0;               // rows a step
  int rows_at_once = 0;    // divides B: a step is B / rows_at_once passes
  std::int64_t steps = 0;  // at least 1
  std::uint64_t seed = 0;

  double learning_rate = 0;        // the highest
  double final_learning_rate = 0;  // at the last step
  std::int64_t warmup_steps = 0;
  double weight_decay = 0, clip = 0, beta1 = 0, beta2 = 0;

  std::int64_t log_every = 1, evaluate_every = 0, sample_every = 0;  // steps
  std::uint64_t glimpse_tokens = 0;  // of evaluations on the way (heldout_sample.h)
  std::uint64_t heldout_tokens = 0;  // and of the last one

  double expected_bits_per_byte = 0;  // give or take kExpectedWithin; 0: not known
  double expected_seconds = 0;        // 0: not measured

  std::int64_t batch_tokens() const { return std::int64_t{B} * T; }
  // Of step 0, 1, ...: rises over warmup_steps, then falls along a line.
  double learning_rate_at(std::int64_t step) const;
};

// Plans for the options' budget, steps or tokens. For a budget it measures steps of a few sizes
// here, with context.threads threads, for about a twentieth of the budget. Errors: kInput for a
// budget too small for one step, a configuration that does not fit together, none or several of
// budget, steps and tokens; kCapacity when nothing fits context.memory_bytes.
Result<TrainPlan> make_plan(const TrainOptions& options, const TokensInfo& tokens,
                            const Tokenizer& tokenizer, const Context& context);

// Tokens that a training of these options will see, before anything is measured: for a budget what
// the small models of short budgets see here and there, 50,000 a second. Which documents to choose
// is settled by it, so it follows from the options alone.
std::uint64_t guessed_tokens(const TrainOptions& options);

// Resident memory that a pass over so many tokens keeps, besides the parameters; roughly, and
// rather too much than too little.
double pass_bytes(const ModelConfig& model, std::int64_t tokens);

Json to_json(const TrainPlan& plan);
Result<TrainPlan> parse_plan(const Json& json, const std::string& name);

// One or two lines for people: size, schedule, what to expect.
std::string describe(const TrainPlan& plan);

}  // namespace pith
