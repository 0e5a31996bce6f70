#include "pith/nn/ops/linear_op.h"

#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/gemm.h"

namespace pith {
namespace {

// Two blocks of rows, and two tasks of the weight's gradient.
constexpr std::size_t kRows = 300, kIn = 7, kOut = 150;

class LinearOpTest : public testing::Test {
 protected:
  LinearOpTest() : lone_(1, kRows) {
    x_ = lone_.activation(kIn);
    out_ = lone_.activation(kOut);
    op_ = linear_op(x_, {weight_.data(), gradient_.data()}, out_);
    lone_.bind(*op_);
  }

  LoneOp lone_;
  std::vector<float> weight_ = random_floats(kOut * kIn, 1),
                     gradient_ = random_floats(kOut * kIn, 2);
  Activation *x_, *out_;
  std::unique_ptr<Op> op_;
};

TEST_F(LinearOpTest, FollowsTheReference) {
  const auto x = lone_.value(x_), d_out = lone_.gradient(out_);
  std::vector<float> out(kRows * kOut), d_x(kRows * kIn), d_weight(kOut * kIn);
  gemm_ref(Transpose::kNo, Transpose::kYes, kRows, kOut, kIn, 1, x.data(), kIn, weight_.data(), kIn,
           0, out.data(), kOut);
  gemm_ref(Transpose::kNo, Transpose::kNo, kRows, kIn, kOut, 1, d_out.data(), kOut, weight_.data(),
           kIn, 0, d_x.data(), kIn);
  gemm_ref(Transpose::kYes, Transpose::kNo, kOut, kIn, kRows, 1, d_out.data(), kOut, x.data(), kIn,
           0, d_weight.data(), kIn);
  lone_.forward(*op_);
  lone_.backward(*op_);
  expect_near(lone_.value(out_), out, kIn * kEpsilon * 16, "out");
  expect_near(lone_.gradient(x_), d_x, kOut * kEpsilon * 16, "d_x");
  expect_near(gradient_, d_weight, kRows * kEpsilon * 16, "d_weight");

  lone_.step.add_gradients = true;  // the same once more: twice as much
  lone_.backward(*op_);
  for (float& value : d_weight) value *= 2;
  expect_near(gradient_, d_weight, kRows * kEpsilon * 32, "d_weight, added");
}

TEST_F(LinearOpTest, GradientsAreSlopes) {
  auto x = lone_.value(x_);
  const auto d_out = lone_.gradient(out_);
  const auto loss = [&] {
    lone_.set_value(x_, x);
    lone_.forward(*op_);
    return weighted(lone_.value(out_), d_out) / 10;
  };
  lone_.backward(*op_);
  auto d_x = lone_.gradient(x_), d_weight = gradient_;
  for (auto* gradient : {&d_x, &d_weight}) {
    for (float& value : *gradient) value /= 10;
  }
  expect_slopes(loss, x, d_x, 97, "d_x");
  expect_slopes(loss, weight_, d_weight, 41, "d_weight");
}

}  // namespace
}  // namespace pith
