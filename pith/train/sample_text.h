#pragma once

#include <cstdint>
#include <string>

#include "pith/ngram/interpolation.h"
#include "pith/nn/transformer.h"
#include "pith/text/tokenizer.h"

namespace pith {

// What the model continues <|bos|> with: at most `tokens` tokens at temperature 0.8, from the seed.
// For glimpses while training: every token costs a pass over all before it. The model's own
// context must hold them. The text is valid UTF-8. `interpolation` is null where there is none.
std::string sample_text(Transformer& transformer, const Interpolation* interpolation,
                        const Tokenizer& tokenizer, int tokens, std::uint64_t seed);

}  // namespace pith
