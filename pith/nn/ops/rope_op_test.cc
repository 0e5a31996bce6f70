#include "pith/nn/ops/rope_op.h"

#include <numeric>

#include "pith/nn/ops/op_test.h"

namespace pith {
namespace {

// Two blocks of rows; the first three heads of four are turned.
constexpr std::size_t kRows = 300, kHeads = 3, kD = 6, kWidth = 4 * kD;

class RopeOpTest : public testing::Test {
 protected:
  RopeOpTest() : lone_(1, kRows), positions_(kRows), angles_(kRows, kD, 100) {
    std::iota(positions_.begin(), positions_.begin() + 200, 0);
    std::iota(positions_.begin() + 200, positions_.end(), 0);  // another document
    lone_.step.positions = positions_.data();
    x_ = lone_.activation(kWidth);
    out_ = lone_.activation(kWidth);
    op_ = rope_op(x_, angles_, kHeads, kD, out_);
    lone_.bind(*op_);
  }

  LoneOp lone_;
  std::vector<int> positions_;
  RopeAngles angles_;
  Activation *x_, *out_;
  std::unique_ptr<Op> op_;
};

TEST_F(RopeOpTest, FollowsTheReferenceInPlace) {
  auto turned = lone_.value(x_), d_turned = lone_.gradient(out_);
  rope_ref(angles_, positions_.data(), kRows, kHeads, kD, RopeDirection::kForward, turned.data(),
           kWidth);
  rope_ref(angles_, positions_.data(), kRows, kHeads, kD, RopeDirection::kBackward, d_turned.data(),
           kWidth);
  lone_.forward(*op_);
  EXPECT_EQ(out_->value, x_->value);
  expect_near(lone_.value(out_), turned, 16 * kEpsilon, "out");
  lone_.backward(*op_);
  expect_near(lone_.gradient(x_), d_turned, 16 * kEpsilon, "d_x");
}

TEST_F(RopeOpTest, GradientsAreSlopes) {
  auto x = lone_.value(x_);
  const auto d_out = lone_.gradient(out_);
  const auto loss = [&] {
    lone_.set_value(x_, x);
    lone_.forward(*op_);
    return weighted(lone_.value(out_), d_out);
  };
  lone_.backward(*op_);
  expect_slopes(loss, x, lone_.gradient(x_), 61, "d_x");
}

}  // namespace
}  // namespace pith
