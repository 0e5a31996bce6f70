#include "pith/tensor/cpu/rms_norm.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

constexpr float kNormEpsilon = 1e-5f;

TEST(RmsNormTest, FollowsTheReferenceAtEveryWidth) {
  for (const std::size_t C : {1, 3, 15, 16, 17, 63, 128, 200}) {
    for (const bool with_branch : {false, true}) {
      const std::size_t rows = 5;
      const auto x = random_floats(rows * C, 1), branch = random_floats(rows * C, 2);
      const auto gain = random_floats(C, 3);
      const float* added = with_branch ? branch.data() : nullptr;
      std::vector<float> sum(rows * C), out(rows * C), inverse(rows);
      auto sum_ref = sum, out_ref = out, inverse_ref = inverse;
      float* sum_at = with_branch ? sum.data() : nullptr;
      float* sum_ref_at = with_branch ? sum_ref.data() : nullptr;
      add_rms_norm(x.data(), added, gain.data(), kNormEpsilon, rows, C, sum_at, out.data(),
                   inverse.data());
      add_rms_norm_ref(x.data(), added, gain.data(), kNormEpsilon, rows, C, sum_ref_at,
                       out_ref.data(), inverse_ref.data());
      // The mean of C squares, a root and three products; values stay below about 10.
      const double bound = (static_cast<double>(C) + 8) * kEpsilon * 10;
      EXPECT_EQ(sum, sum_ref);
      expect_near(out, out_ref, bound, "out");

      const auto d_out = random_floats(rows * C, 4), d_sum = random_floats(rows * C, 5);
      std::vector<float> d_x(rows * C), d_gain(C);
      auto d_x_ref = d_x, d_gain_ref = d_gain;
      const float* values = with_branch ? sum.data() : x.data();
      const float* residual = with_branch ? d_sum.data() : nullptr;
      add_rms_norm_backward(values, gain.data(), inverse.data(), d_out.data(), residual, rows, C,
                            d_x.data(), d_gain.data());
      add_rms_norm_backward_ref(values, gain.data(), inverse.data(), d_out.data(), residual, rows,
                                C, d_x_ref.data(), d_gain_ref.data());
      double largest = 1;
      for (const float value : inverse) largest = std::max(largest, static_cast<double>(value));
      expect_near(d_x, d_x_ref, bound * largest * 4, "d_x");
      expect_near(d_gain, d_gain_ref, bound * 4, "d_gain");
    }
  }
}

TEST(RmsNormTest, GradientsAreTheSlopesOfTheReference) {
  const std::size_t rows = 3, C = 10;
  auto x = random_floats(rows * C, 1), gain = random_floats(C, 2);
  const auto weight = random_floats(rows * C, 3), weight_sum = random_floats(rows * C, 4);
  const std::vector<float> none(rows * C, 0.0f);
  std::vector<float> sum(rows * C), out(rows * C), inverse(rows), d_x(rows * C), d_gain(C);
  const auto loss = [&] {
    add_rms_norm_ref(x.data(), none.data(), gain.data(), kNormEpsilon, rows, C, sum.data(),
                     out.data(), inverse.data());
    return weighted(out, weight) + weighted(sum, weight_sum);
  };
  loss();
  add_rms_norm_backward(sum.data(), gain.data(), inverse.data(), weight.data(), weight_sum.data(),
                        rows, C, d_x.data(), d_gain.data());
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(slope(loss, x, i, 1e-2), d_x[i], 2e-4);
  for (std::size_t i = 0; i < C; ++i) EXPECT_NEAR(slope(loss, gain, i, 1e-2), d_gain[i], 2e-4);
}

}  // namespace
}  // namespace pith
