#include "pith/train/sample_text.h"

#include <gtest/gtest.h>

#include "pith/text/utf8.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

// Makes `id` what follows everything: its embedding, which is the head's row too, has a large
// product with what the last norm gives for any token.
void always_next(Transformer& model, int id) {
  for (Parameter& parameter : model.parameters()) {
    if (parameter.name == "model.norm.weight") {
      std::fill(parameter.value.begin(), parameter.value.end(), 0.0f);
      parameter.value[0] = 50;
    }
    if (parameter.name != "model.embed_tokens.weight") continue;
    const auto C = static_cast<std::size_t>(parameter.shape[1]);
    for (std::size_t v = 0; v * C < parameter.value.size(); ++v) parameter.value[v * C] = 1;
    parameter.value[static_cast<std::size_t>(id) * C] = 8;
  }
  for (Parameter& parameter : model.parameters()) {  // the residual stream keeps its sign
    if (parameter.name.ends_with("o_proj.weight") || parameter.name.ends_with("down_proj.weight")) {
      std::fill(parameter.value.begin(), parameter.value.end(), 0.0f);
    }
  }
}

TEST(SampleTextTest, TheSeedDecides) {
  const auto model = small_model();
  const Tokenizer tokenizer = byte_tokenizer();
  const std::string text = sample_text(*model, nullptr, tokenizer, 20, 5);
  EXPECT_EQ(sample_text(*model, nullptr, tokenizer, 20, 5), text);
  EXPECT_NE(sample_text(*model, nullptr, tokenizer, 20, 6), text);
}

TEST(SampleTextTest, AnyBytesComeOutAsValidText) {
  const auto model = small_model();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_TRUE(valid_utf8(sample_text(*model, nullptr, byte_tokenizer(), 25, seed)));
  }
}

TEST(SampleTextTest, ItEndsAtEosOrTheLengthOrTheContext) {
  const Tokenizer tokenizer = byte_tokenizer();
  const auto model = small_model();
  const int a = *tokenizer.token_id("a");
  always_next(*model, a);
  EXPECT_EQ(sample_text(*model, nullptr, tokenizer, 7, 1), "aaaaaaa");
  EXPECT_EQ(sample_text(*model, nullptr, tokenizer, 1000, 1), std::string(31, 'a'));  // context 32
  const auto ending = small_model();
  always_next(*ending, StandardSpecials::kEos);
  EXPECT_EQ(sample_text(*ending, nullptr, tokenizer, 7, 1), "");
}

}  // namespace
}  // namespace pith
