#include "pith/nn/ops/swiglu_op.h"

#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/swiglu.h"

namespace pith {
namespace {

constexpr std::size_t kRows = 300, kF = 11;  // two blocks of rows

class SwigluOpTest : public testing::Test {
 protected:
  SwigluOpTest() : lone_(1, kRows) {
    gate_up_ = lone_.activation(2 * kF);
    out_ = lone_.activation(kF);
    op_ = swiglu_op(gate_up_, out_);
    lone_.bind(*op_);
  }

  LoneOp lone_;
  Activation *gate_up_, *out_;
  std::unique_ptr<Op> op_;
};

TEST_F(SwigluOpTest, FollowsTheReference) {
  const auto gate_up = lone_.value(gate_up_), d_out = lone_.gradient(out_);
  std::vector<float> out(kRows * kF), d_gate_up(kRows * 2 * kF);
  swiglu_ref(gate_up.data(), kRows, kF, out.data());
  swiglu_backward_ref(gate_up.data(), d_out.data(), kRows, kF, d_gate_up.data());
  lone_.forward(*op_);
  lone_.backward(*op_);
  expect_near(lone_.value(out_), out, 128 * kEpsilon, "out");
  expect_near(lone_.gradient(gate_up_), d_gate_up, 256 * kEpsilon, "d_gate_up");
}

TEST_F(SwigluOpTest, GradientsAreSlopes) {
  auto gate_up = lone_.value(gate_up_);
  const auto d_out = lone_.gradient(out_);
  const auto loss = [&] {
    lone_.set_value(gate_up_, gate_up);
    lone_.forward(*op_);
    return weighted(lone_.value(out_), d_out);
  };
  lone_.backward(*op_);
  expect_slopes(loss, gate_up, lone_.gradient(gate_up_), 61, "d_gate_up");
}

}  // namespace
}  // namespace pith
