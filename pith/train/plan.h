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

}  // namespace pith
