#include "pith/nn/ops/rms_norm_op.h"

#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/rms_norm.h"

namespace pith {
namespace {

// Two blocks of rows, whose shares of the gain's gradient are summed.
constexpr std::size_t kRows = 300, kC = 19;
constexpr float kNormEpsilon = 1e-5f;

class RmsNormOpTest : public testing::TestWithParam<bool> {
 protected:
  RmsNormOpTest() : lone_(1, kRows) {
    x_ = lone_.activation(kC);
    branch_ = GetParam() ? lone_.activation(kC) : nullptr;
    sum_ = lone_.activation(kC);
    out_ = lone_.activation(kC);
    op_ = rms_norm_op(x_, branch_, {gain_.data(), d_gain_.data()}, kNormEpsilon, sum_, out_);
    lone_.bind(*op_);
    x_value_ = lone_.value(x_);
    if (branch_ != nullptr) branch_value_ = lone_.value(branch_);
  }
  const float* branch_data() const { return branch_ != nullptr ? branch_value_.data() : nullptr; }

  LoneOp lone_;
  std::vector<float> gain_ = random_floats(kC, 1), d_gain_ = random_floats(kC, 2);
  Activation *x_, *branch_, *sum_, *out_;
  std::unique_ptr<Op> op_;
  std::vector<float> x_value_, branch_value_;
};

TEST_P(RmsNormOpTest, FollowsTheReference) {
  const auto d_sum = lone_.gradient(sum_), d_out = lone_.gradient(out_);
  std::vector<float> sum(kRows * kC), out(kRows * kC), inverse(kRows), d_x(kRows * kC), d_gain(kC);
  add_rms_norm_ref(x_value_.data(), branch_data(), gain_.data(), kNormEpsilon, kRows, kC,
                   sum.data(), out.data(), inverse.data());
  add_rms_norm_backward_ref(sum.data(), gain_.data(), inverse.data(), d_out.data(), d_sum.data(),
                            kRows, kC, d_x.data(), d_gain.data());
  lone_.forward(*op_);
  EXPECT_EQ(lone_.value(sum_), sum);
  expect_near(lone_.value(out_), out, 64 * kEpsilon, "out");
  lone_.backward(*op_);
  expect_near(lone_.gradient(x_), d_x, 256 * kEpsilon, "d_x");
  if (branch_ != nullptr) {
    EXPECT_EQ(lone_.gradient(branch_), lone_.gradient(x_));
  }
  expect_near(d_gain_, d_gain, kRows * 16 * kEpsilon, "d_gain");

  lone_.step.add_gradients = true;
  lone_.backward(*op_);
  for (float& value : d_gain) value *= 2;
  expect_near(d_gain_, d_gain, kRows * 32 * kEpsilon, "d_gain, added");
}

TEST_P(RmsNormOpTest, GradientsAreSlopes) {
  const auto d_sum = lone_.gradient(sum_), d_out = lone_.gradient(out_);
  const auto loss = [&] {
    lone_.set_value(x_, x_value_);
    if (branch_ != nullptr) lone_.set_value(branch_, branch_value_);
    lone_.forward(*op_);
    return weighted(lone_.value(out_), d_out) + weighted(lone_.value(sum_), d_sum);
  };
  loss();
  lone_.backward(*op_);
  expect_slopes(loss, x_value_, lone_.gradient(x_), 53, "d_x");
  if (branch_ != nullptr) {
    expect_slopes(loss, branch_value_, lone_.gradient(branch_), 79, "d_branch");
  }
  expect_slopes(loss, gain_, d_gain_, 1, "d_gain");
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutBranch, RmsNormOpTest, testing::Bool());

}  // namespace
}  // namespace pith
