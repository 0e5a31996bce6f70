#include "pith/nn/ops/latent_qkv_op.h"

#include <numeric>

#include "pith/nn/ops/op_test.h"

namespace pith {
namespace {

// Two blocks of rows; nothing is a multiple of anything.
constexpr std::size_t kRows = 300;
constexpr LatentShape kShape{.H = 3, .N = 5, .R = 4, .E = 7};

class LatentQkvOpTest : public testing::Test {
 protected:
  LatentQkvOpTest() : lone_(1, kRows), positions_(kRows), angles_(kRows, kShape.R, 100) {
    std::iota(positions_.begin(), positions_.end(), 0);
    lone_.step.positions = positions_.data();
    query_ = lone_.activation(3 * 9);
    key_value_ = lone_.activation(3 * 12);
    position_key_ = lone_.activation(4);
    qkv_ = lone_.activation(2 * 3 * 9 + 3 * 7);
    op_ = latent_qkv_op(query_, key_value_, position_key_, angles_, kShape, qkv_);
    lone_.bind(*op_);
  }

  LoneOp lone_;
  std::vector<int> positions_;
  RopeAngles angles_;
  Activation *query_, *key_value_, *position_key_, *qkv_;
  std::unique_ptr<Op> op_;
};

TEST_F(LatentQkvOpTest, EveryHeadHasItsOwnKeyAndValueAndTheSharedPosition) {
  lone_.forward(*op_);
  constexpr std::size_t t = 260;
  const float* row = qkv_->value + t * qkv_->width;
  for (std::size_t h = 0; h < 3; ++h) {
    std::vector<float> query(query_->value + t * 27 + h * 9, query_->value + t * 27 + h * 9 + 9);
    rope_pairs_ref(angles_, t, 1, 4, 4, RopeDirection::kForward, query.data() + 5);
    std::vector<float> key(key_value_->value + t * 36 + h * 12,
                           key_value_->value + t * 36 + h * 12 + 5);
    key.insert(key.end(), position_key_->value + t * 4, position_key_->value + t * 4 + 4);
    rope_pairs_ref(angles_, t, 1, 4, 4, RopeDirection::kForward, key.data() + 5);
    const float* value = key_value_->value + t * 36 + h * 12 + 5;
    expect_near({row + h * 9, row + h * 9 + 9}, query, 16 * kEpsilon, "query");
    expect_near({row + 27 + h * 9, row + 27 + h * 9 + 9}, key, 16 * kEpsilon, "key");
    EXPECT_TRUE(std::equal(value, value + 7, row + 54 + h * 7));
  }
}

TEST_F(LatentQkvOpTest, GradientsAreSlopes) {
  const auto d_qkv = lone_.gradient(qkv_);
  lone_.backward(*op_);
  for (Activation* input : {query_, key_value_, position_key_}) {
    auto values = lone_.value(input);
    const auto loss = [&] {
      lone_.set_value(input, values);
      lone_.forward(*op_);
      return weighted(lone_.value(qkv_), d_qkv);
    };
    expect_slopes(loss, values, lone_.gradient(input), 97, "d_input");
  }
}

}  // namespace
}  // namespace pith
