#pragma once

#include "pith/model/architecture.h"

namespace pith {

// PithForCausalLM, which transformers loads by the modeling_pith.py that lies in the model folder:
// nanochat's network, with logits bounded only when told to, whose embedding has, beside a row for
// the token, a row for the bigram, the trigram, ... that end there (model/ngram_rows.h). On a short
// training these rows are worth more than layers, and looking them up costs next to nothing
// (docs/ablations.md). With ngram_order what it says is mixed with counted n-grams, which lie
// beside the parameters and are none of them.
extern const Architecture kPith;

}  // namespace pith
