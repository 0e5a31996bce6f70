#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pith/nn/random_weights_test.h"
#include "pith/text/tokenizer.h"

// What the tests of training share: a tokenizer of single bytes and a model that fits it.
namespace pith {

inline Tokenizer byte_tokenizer() {
  return Tokenizer::from_merges({}, standard_special_tokens()).value();
}

inline ModelConfig small_config() {
  return {.vocab_size = byte_tokenizer().vocab_size(),
          .hidden_size = 16,
          .intermediate_size = 24,
          .layers = 2,
          .heads = 4,
          .kv_heads = 2,
          .head_size = 4,
          .context = 32,
          .bos_token_id = StandardSpecials::kBos,
          .eos_token_id = StandardSpecials::kEos,
          .pad_token_id = StandardSpecials::kPad};
}

inline std::unique_ptr<Transformer> small_model(const ModelConfig& config = small_config(),
                                                std::uint64_t seed = 1,
                                                int max_batch_tokens = 512) {
  auto model = Transformer::create(config, {.max_batch_tokens = max_batch_tokens});
  EXPECT_TRUE(model) << model.error().message;
  randomize_weights(**model, 0.3f, seed);
  return std::move(*model);
}

}  // namespace pith
