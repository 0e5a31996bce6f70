#include "pith/nn/ops/embedding_op.h"

#include "pith/nn/ops/op_test.h"

namespace pith {
namespace {

constexpr std::size_t kV = 5, kC = 130;  // three tasks of the gradient, the last of 2 columns
const std::vector<int> kTokens{4, 0, 4, 2, 4, 2};

class EmbeddingOpTest : public testing::Test {
 protected:
  // The gradient of the table after one step.
  std::vector<float> table_gradient(bool shared, bool add) {
    LoneOp lone(2, 3);
    lone.step.tokens = kTokens.data();
    lone.step.add_gradients = add;
    Activation* out = lone.activation(kC);
    std::vector<float> gradient = before_;
    const auto op = embedding_op({table_.data(), gradient.data()}, kV, shared, out);
    lone.bind(*op);
    lone.forward(*op);
    rows_ = lone.value(out);
    d_out_ = lone.gradient(out);
    lone.backward(*op);
    return gradient;
  }

  std::vector<float> table_ = random_floats(kV * kC, 1), before_ = random_floats(kV * kC, 2);
  std::vector<float> rows_, d_out_;
};

TEST_F(EmbeddingOpTest, RowsAreThoseOfTheirTokens) {
  table_gradient(false, false);
  for (std::size_t t = 0; t < kTokens.size(); ++t) {
    for (std::size_t c = 0; c < kC; ++c) {
      ASSERT_EQ(rows_[t * kC + c], table_[static_cast<std::size_t>(kTokens[t]) * kC + c]);
    }
  }
}

TEST_F(EmbeddingOpTest, TheGradientSumsOverTheUsesOfAToken) {
  const auto gradient = table_gradient(false, false);
  std::vector<float> expected(kV * kC, 0.0f);  // token 1 and 3: nothing is left of before
  for (std::size_t t = 0; t < kTokens.size(); ++t) {
    for (std::size_t c = 0; c < kC; ++c) {
      expected[static_cast<std::size_t>(kTokens[t]) * kC + c] += d_out_[t * kC + c];
    }
  }
  EXPECT_EQ(gradient, expected);

  // In a later pass, and where the output head has written already, it is added to what is there.
  const auto added = table_gradient(false, true), shared = table_gradient(true, false);
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] += before_[i];
  expect_near(added, expected, 1e-5, "added");
  EXPECT_EQ(shared, added);
}

}  // namespace
}  // namespace pith
