#pragma once

#include <cstdint>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/model/config.h"
#include "pith/text/tokenizer.h"
#include "pith/train/prepare_tokens.h"
#include "pith/train/train.h"
#include "pith/train/train_plan.h"

namespace pith {

// Plans for the options' budget (in seconds), steps or tokens. For a budget it measures steps of a
// few sizes here, with context.threads threads, for a fiftieth of the budget; what they take later
// is BudgetKeeper's to see. Errors: kInput for a budget too small for one step, a configuration
// that does not fit together, none or several of budget, steps and tokens; kCapacity when nothing
// fits context.memory_bytes.
Result<TrainPlan> make_plan(const TrainOptions& options, const TokensInfo& tokens,
                            const TextHardness& hardness, const Tokenizer& tokenizer,
                            const Context& context);

// Held-out tokens that the result of such a training will be of, about: what its hardness is to be
// measured on.
std::uint64_t judged_tokens(const TrainOptions& options, const TokensInfo& tokens);

// Bits per byte to expect of the plan with its steps as they are now.
double expected_of(const TrainPlan& plan, const TokensInfo& tokens);

// Tokens that a training of these options will see, before anything is measured: for a budget what
// the small models of short budgets see here and there, 50,000 a second, of two cores or of 30
// watts. It follows from the options alone.
std::uint64_t guessed_tokens(const TrainOptions& options);

// The longest n-grams that the model of these options mixes in (train/ngram_mixture.h); 0: none.
int ngram_order(const TrainConfig& config);

// Resident memory that a pass over so many tokens keeps, besides the parameters; roughly, and
// rather too much than too little.
double pass_bytes(const ModelConfig& model, std::int64_t tokens);

}  // namespace pith
