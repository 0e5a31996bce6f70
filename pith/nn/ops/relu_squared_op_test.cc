#include "pith/nn/ops/relu_squared_op.h"

#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/relu_squared.h"

namespace pith {
namespace {

TEST(ReluSquaredOpTest, FollowsTheReferenceForwardAndBackward) {
  constexpr std::size_t kRows = 300, kF = 7;  // two blocks of rows
  LoneOp lone(1, kRows);
  Activation* x = lone.activation(kF);
  Activation* out = lone.activation(kF);
  const auto op = relu_squared_op(x, out);
  lone.bind(*op);
  std::vector<float> expected(kRows * kF), d_x(kRows * kF);
  relu_squared_ref(x->value, kRows * kF, expected.data());
  relu_squared_backward_ref(x->value, out->gradient, kRows * kF, d_x.data());
  lone.forward(*op);
  lone.backward(*op);
  expect_near(lone.value(out), expected, 64 * kEpsilon, "out");
  expect_near(lone.gradient(x), d_x, 64 * kEpsilon, "d_x");
}

}  // namespace
}  // namespace pith
