#include "pith/infer/blocks/experts.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

// What it computes is held against transformers (tests/architecture_parity_test.py) and the trained
// network (tests/served_and_trained_test.cc); that pieces and threads give the same bits in
// latent_attention_test.cc.
TEST(ExpertsTest, AskForRoomForEveryChoiceOfEveryToken) {
  const Experts block{.routed = 20, .chosen = 3, .width = 24, .shared_width = 50};
  const ScratchNeeds needs = scratch_needs(block, 40);
  EXPECT_EQ(needs.shared[0], 20u);
  EXPECT_EQ(needs.shared[1], 2u * 64);      // shared: gates and ups, in whole panels
  EXPECT_EQ(needs.shared[3], 3u * 2 * 32);  // each of the chosen
  EXPECT_EQ(needs.shared[4], 3u * 32);
  EXPECT_EQ(needs.own, 3u + 40);
  EXPECT_GE(served_bytes(block, 40), 4u * (20 * 40 + 20 * 3 * 24 * 40 + 3 * 50 * 40));
}

}  // namespace
}  // namespace pith
