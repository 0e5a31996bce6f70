#pragma once

#include <cstdint>
#include <string>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/infer/session.h"
#include "pith/model/config.h"

// What serving a model takes of memory, known before it is loaded. Upper bounds, not guesses: what
// Model, Session and KvCache allocate, and what the program takes besides.
namespace pith {

struct ServingMemory {
  std::uint64_t model_bytes = 0;    // weights, tokenizer, the program itself
  std::uint64_t loading_bytes = 0;  // besides, until the weights are read
  std::uint64_t session_bytes = 0;  // besides, from then on, for a context of no tokens
  std::uint64_t token_bytes = 0;    // for each token of the context

  std::uint64_t with_context(std::uint64_t tokens) const;
};

ServingMemory serving_memory(const ModelConfig& config, std::uint64_t tokenizer_file_bytes,
                             int threads);

// Options of a session over the model in `folder` that keeps context.memory_bytes. Where not all of
// the model's context fits, it is cut and a warning says so. Errors: kCapacity when next to none
// does; what load_model_config returns.
Result<SessionOptions> session_within_memory(const std::string& folder, const Context& context);

}  // namespace pith
