#include "pith/nn/ops/head_norm_op.h"

#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/rms_norm.h"

namespace pith {
namespace {

// Two blocks of rows, whose shares of the gains' gradients are summed.
constexpr std::size_t kRows = 300, kH = 3, kG = 2, kD = 5, kWidth = (kH + 2 * kG) * kD;
constexpr float kNormEpsilon = 1e-5f;

class HeadNormOpTest : public testing::Test {
 protected:
  HeadNormOpTest() : lone_(1, kRows) {
    x_ = lone_.activation(kWidth);
    out_ = lone_.activation(kWidth);
    op_ = head_norm_op(x_, {query_.data(), d_query_.data()}, {key_.data(), d_key_.data()}, kH, kG,
                       kD, kNormEpsilon, out_);
    lone_.bind(*op_);
  }

  LoneOp lone_;
  std::vector<float> query_ = random_floats(kD, 1), d_query_ = random_floats(kD, 2);
  std::vector<float> key_ = random_floats(kD, 3), d_key_ = random_floats(kD, 4);
  Activation *x_, *out_;
  std::unique_ptr<Op> op_;
};

TEST_F(HeadNormOpTest, EveryHeadIsNormalisedByItselfAndValuesPass) {
  lone_.forward(*op_);
  const auto x = lone_.value(x_);
  auto expected = x;
  std::vector<float> inverse(kH);
  for (std::size_t t = 0; t < kRows; ++t) {
    const std::size_t q = t * kWidth, k = q + kH * kD;
    add_rms_norm_ref(x.data() + q, nullptr, query_.data(), kNormEpsilon, kH, kD, nullptr,
                     expected.data() + q, inverse.data());
    add_rms_norm_ref(x.data() + k, nullptr, key_.data(), kNormEpsilon, kG, kD, nullptr,
                     expected.data() + k, inverse.data());
  }
  expect_near(lone_.value(out_), expected, 64 * kEpsilon, "out");
}

TEST_F(HeadNormOpTest, GradientsAreSlopes) {
  auto x = lone_.value(x_);
  const auto d_out = lone_.gradient(out_);
  const auto loss = [&] {
    lone_.set_value(x_, x);
    lone_.forward(*op_);
    return weighted(lone_.value(out_), d_out);
  };
  loss();
  lone_.backward(*op_);
  const auto d_x = lone_.gradient(x_);
  expect_slopes(loss, x, d_x, 71, "d_x");
  expect_slopes(loss, query_, d_query_, 1, "d_query");
  expect_slopes(loss, key_, d_key_, 1, "d_key");

  lone_.step.add_gradients = true;  // the same once more: twice as much
  auto twice = d_key_;
  for (float& value : twice) value *= 2;
  lone_.backward(*op_);
  expect_near(d_key_, twice, 1e-3, "d_key, added");
}

}  // namespace
}  // namespace pith
