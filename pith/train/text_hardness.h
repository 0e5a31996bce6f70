#pragma once

#include <cstdint>
#include <string>

#include "pith/base/result.h"
#include "pith/formats/tokens.h"
#include "pith/ngram/ngram_model.h"
#include "pith/text/tokenizer.h"
#include "pith/train/ngram_mixture.h"
#include "pith/train/prepare_tokens.h"
#include "pith/train/scaling.h"

// How hard a text is to predict, as counted n-grams find it: measured in a second before a
// training, and what its expectation rests on.
namespace pith {

// One thread at a time.
class HardnessMeter {
 public:
  // Of `tokens`, a folder of prepare_tokens that `info` describes. `counted` is what the training
  // counts, null when it counts nothing. It, `info` and `tokenizer` outlive this. Errors: what
  // TokenReader returns.
  static Result<HardnessMeter> create(const std::string& tokens, const TokensInfo& info,
                                      const Tokenizer& tokenizer, const NgramModel* counted);

  // On a sample of so many held-out tokens (heldout_sample.h): those that a training's result is of
  // when it is of as many.
  Result<TextHardness> measure(std::uint64_t heldout_tokens) const;

 private:
  HardnessMeter(TokenReader heldout, const TokensInfo& info, const Tokenizer& tokenizer,
                NgramMixture trigrams, const NgramModel* counted);

  TokenReader heldout_;
  const TokensInfo& info_;
  const Tokenizer& tokenizer_;
  NgramMixture trigrams_;
  const NgramModel* counted_;
};

}  // namespace pith
