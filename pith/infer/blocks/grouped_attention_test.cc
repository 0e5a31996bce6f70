#include "pith/infer/blocks/grouped_attention.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

// What it computes is held against transformers (tests/architecture_parity_test.py), the trained
// network (tests/served_and_trained_test.cc) and, for Llama, the definition (session_test.cc).
TEST(GroupedAttentionTest, KeepsAKeyAndAValueOfEveryKeyHead) {
  const GroupedAttention block{.heads = 6, .kv_heads = 2, .head_size = 20};
  EXPECT_EQ(cache_shape(block), (CacheShape{2, 20, 20}));
  const ScratchNeeds needs = scratch_needs(block, 64);
  EXPECT_EQ(needs.shared[0], (6u + 2 + 2) * 20);  // queries, keys, values
  EXPECT_EQ(needs.shared[1], 6u * 20);
  EXPECT_EQ(needs.own_fixed, 32u);  // a value, in whole panels
}

}  // namespace
}  // namespace pith
