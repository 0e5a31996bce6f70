#include "pith/nn/ops/fork_op.h"

#include "pith/nn/ops/op_test.h"

namespace pith {
namespace {

TEST(ForkOpTest, ValuesAreSharedAndGradientsSummed) {
  constexpr std::size_t kRows = 300, kC = 5;  // two blocks of rows
  LoneOp lone(1, kRows);
  Activation* x = lone.activation(kC);
  const std::vector<Activation*> outs = {lone.activation(kC), lone.activation(kC),
                                         lone.activation(kC)};
  const auto op = fork_op(x, outs);
  lone.bind(*op);
  std::vector<float> expected(kRows * kC, 0.0f);
  for (const Activation* out : outs) {
    EXPECT_EQ(out->value, x->value);
    const auto gradient = lone.gradient(out);
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] += gradient[i];
  }
  lone.forward(*op);
  lone.backward(*op);
  expect_near(lone.gradient(x), expected, 16 * kEpsilon, "d_x");
}

}  // namespace
}  // namespace pith
