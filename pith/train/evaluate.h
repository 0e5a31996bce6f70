#pragma once

#include <cstdint>
#include <string>

#include "pith/base/context.h"
#include "pith/base/result.h"

// How well a model predicts text.
namespace pith {

struct EvalResult {
  double bits_per_byte =
      0;            // negative log2-likelihood of all documents / UTF-8 bytes of their text
  double loss = 0;  // nats a predicted token
  std::uint64_t bytes = 0, tokens = 0, documents = 0;  // tokens predicted: text and eos
  double seconds = 0;
};

// Every document begins afresh with <|bos|> and must be ended by <|eos|>; one longer than the
// model's context is read in windows that overlap by half, so that every token but the first has
// at least half a context (of at most 2,048 tokens) before it. `model_folder` is a Hugging Face
// folder of a model; `documents` is as DocumentReader::open takes it. Under a bound on memory
// fewer documents go through the model at once, with the same result; kCapacity when it has no room
// for the model and one window.
Result<EvalResult> evaluate(const std::string& model_folder, const std::string& documents,
                            const Context& context, const std::string& text_field = "text");

}  // namespace pith
