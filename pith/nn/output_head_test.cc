#include "pith/nn/output_head.h"

#include <algorithm>

#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/cross_entropy.h"
#include "pith/tensor/cpu/gemm.h"

namespace pith {
namespace {

// A vocabulary so large that 128 rows make a block: two blocks, the second of 12 rows.
constexpr std::size_t kRows = 140, kC = 5, kV = 17000;

class OutputHeadTest : public testing::Test {
 protected:
  OutputHeadTest() : targets_(kRows) {
    for (std::size_t t = 0; t < kRows; ++t) {
      targets_[t] = t % 9 == 4 ? -1 : static_cast<int>(t * 7919 % kV);
    }
    x_.width = kC;
    x_.value = x_value_.data();
    x_.gradient = x_gradient_.data();
    step_.B = 1;
    step_.T = kRows;
    step_.targets = targets_.data();
    step_.loss_scale = 0.25f;
    head_ = std::make_unique<OutputHead>(&x_, Weight{weight_.data(), gradient_.data()}, kV);
    head_->reserve(kRows, pool_);
  }

  void expect_slopes_of_losses();

  std::vector<float> x_value_ = random_floats(kRows * kC, 1), x_gradient_ = x_value_;
  std::vector<float> weight_ = random_floats(kV * kC, 2), gradient_ = random_floats(kV * kC, 3);
  std::vector<int> targets_;
  Activation x_;
  Step step_;
  ThreadPool pool_{2};
  std::unique_ptr<OutputHead> head_;
};

TEST_F(OutputHeadTest, FollowsTheReferenceOverItsBlocks) {
  std::vector<float> logits(kRows * kV), losses(kRows), d_x(kRows * kC), d_weight(kV * kC);
  gemm_ref(Transpose::kNo, Transpose::kYes, kRows, kV, kC, 1, x_value_.data(), kC, weight_.data(),
           kC, 0, logits.data(), kV);
  std::vector<float> out(kRows * kV);
  head_->logits(step_, out.data());
  expect_near(out, logits, 64 * kEpsilon, "logits");

  softmax_cross_entropy_ref(logits.data(), targets_.data(), kRows, kV, &step_.loss_scale,
                            losses.data());
  gemm_ref(Transpose::kNo, Transpose::kNo, kRows, kC, kV, 1, logits.data(), kV, weight_.data(), kC,
           0, d_x.data(), kC);
  gemm_ref(Transpose::kYes, Transpose::kNo, kV, kC, kRows, 1, logits.data(), kV, x_value_.data(),
           kC, 0, d_weight.data(), kC);
  head_->loss(step_);
  expect_near(head_->losses(), losses, 256 * kEpsilon, "losses");
  head_->loss_and_gradients(step_);
  expect_near(head_->losses(), losses, 256 * kEpsilon, "losses beside gradients");
  expect_near(x_gradient_, d_x, 256 * kEpsilon, "d_x");
  expect_near(gradient_, d_weight, 64 * kEpsilon, "d_weight");

  step_.add_gradients = true;
  head_->loss_and_gradients(step_);
  for (float& value : d_weight) value *= 2;
  expect_near(gradient_, d_weight, 128 * kEpsilon, "d_weight, added");
}

TEST_F(OutputHeadTest, GradientsAreSlopes) { expect_slopes_of_losses(); }

// Logits of about 2, bounded by 3: the bound bends them all.
TEST_F(OutputHeadTest, GradientsAreSlopesWithSoftcap) {
  head_ = std::make_unique<OutputHead>(&x_, Weight{weight_.data(), gradient_.data()}, kV, 3.0f);
  head_->reserve(kRows, pool_);
  std::vector<float> out(kRows * kV);
  head_->logits(step_, out.data());
  const auto [least, most] = std::minmax_element(out.begin(), out.end());
  EXPECT_TRUE(*least > -3 && *least < -2.5f && *most < 3 && *most > 2.5f);
  expect_slopes_of_losses();
}

void OutputHeadTest::expect_slopes_of_losses() {
  step_.loss_scale = 1;
  head_->loss_and_gradients(step_);
  const auto loss = [&] {
    head_->loss(step_);
    double sum = 0;
    for (const float nats : head_->losses()) sum += static_cast<double>(nats);
    return sum / 100;
  };
  std::vector<float> d_x = x_gradient_;
  for (float& value : d_x) value /= 100;
  x_.value = x_value_.data();
  expect_slopes(loss, x_value_, d_x, 131, "d_x");
}

}  // namespace
}  // namespace pith
