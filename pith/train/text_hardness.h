#pragma once

#include <cstdint>
#include <string>

#include "pith/base/result.h"
#include "pith/ngram/ngram_model.h"
#include "pith/text/tokenizer.h"
#include "pith/train/prepare_tokens.h"
#include "pith/train/scaling.h"

// How hard a text is to predict, as counted n-grams find it: measured in a second before a
// training, and what its expectation rests on.
namespace pith {

// Of `tokens`, a folder of prepare_tokens that `info` describes. Held-out text is a sample of
// `judged_tokens` of it (heldout_sample.h), such as a training's result is of. `counted` is what
// the training counts, null when it counts nothing. Errors: what TokenReader returns.
Result<TextHardness> measure_hardness(const std::string& tokens, const TokensInfo& info,
                                      const Tokenizer& tokenizer, const NgramModel* counted,
                                      std::uint64_t judged_tokens);

}  // namespace pith
