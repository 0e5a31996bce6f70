#include "pith/infer/blocks/latent_attention.h"

#include <gtest/gtest.h>

#include <vector>

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
  std::vector<int> ids(200);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int>(i * 37 % 263);
  expect_same_bits_in_pieces(RandomModel::make(config, 6).model(), ids);
}

}  // namespace
}  // namespace pith
