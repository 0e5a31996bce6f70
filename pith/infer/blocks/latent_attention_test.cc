#include "pith/infer/blocks/latent_attention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "pith/infer/session.h"
#include "pith/infer/testing/random_model.h"

namespace pith {
namespace {

// What it computes is held against transformers (tests/architecture_parity_test.py) and the trained
// network (tests/served_and_trained_test.cc).
TEST(LatentAttentionTest, KeepsOneLatentVectorAndOneTurnedPartWhateverTheHeads) {
  for (const int heads : {1, 8}) {
    const LatentAttention block{.heads = heads,
                                .query_rank = 0,
                                .key_value_rank = 40,
                                .unturned_size = 12,
                                .turned_size = 6,
                                .value_size = 20};
    EXPECT_EQ(cache_shape(block), (CacheShape{1, 46, 0}));
  }
}

TEST(LatentAttentionTest, BitsDoNotDependOnPiecesOrThreads) {
  ModelConfig config = awkward_config();
  config.architecture = "deepseek_v3";
  config.kv_heads = config.head_size = 0;
  config.q_lora_rank = 21;
  config.kv_lora_rank = 19;
  config.qk_nope_head_dim = 7;
  config.qk_rope_head_dim = 6;
  config.v_head_dim = 9;
  config.n_routed_experts = 6;
  config.num_experts_per_tok = 2;
  config.n_shared_experts = 1;
  config.moe_intermediate_size = 20;
  config.first_k_dense_replace = 1;
  config.norm_epsilon = 1e-6;
  ASSERT_TRUE(validate(config)) << validate(config).error().message;
  const Model model = RandomModel::make(config, 6).model();
  std::vector<int> ids(200);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int>(i * 37 % 263);
  const std::size_t vocab = 263;
  Session whole(model);
  std::vector<float> expected(ids.size() * vocab);
  ASSERT_TRUE(whole.score(ids, expected));
  for (const float logit : expected) ASSERT_TRUE(std::isfinite(logit));
  for (const int threads : {1, 2, 3}) {
    Session pieces(model, {.threads = threads});
    std::size_t begin = 0;
    for (const std::size_t length : {1, 1, 62, 1, 100, 3, 32}) {
      const auto logits = pieces.prefill(std::span(ids).subspan(begin, length));
      begin += length;
      ASSERT_TRUE(logits);
      const auto row = std::span(expected).subspan((begin - 1) * vocab, vocab);
      ASSERT_TRUE(std::equal(row.begin(), row.end(), logits->begin())) << begin << " " << threads;
    }
    pieces.truncate(70);  // what lies behind in the cache must not be seen
    const auto logits = pieces.decode(ids[70]);
    const auto row = std::span(expected).subspan(70 * vocab, vocab);
    ASSERT_TRUE(std::equal(row.begin(), row.end(), logits->begin()));
  }
}

}  // namespace
}  // namespace pith
