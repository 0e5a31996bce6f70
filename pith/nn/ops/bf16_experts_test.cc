#include "pith/nn/ops/bf16_experts.h"

#include "pith/tensor/cpu/gemm.h"
#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

constexpr std::size_t kExperts = 3, kIn = 37, kOut = 70, kStride = kIn * kOut + 11;

std::vector<Bfloat16> rounded(const std::vector<float>& x, std::size_t rows, std::size_t width) {
  std::vector<Bfloat16> out(rows * bf16_row_stride(width));
  to_bf16_rows(x.data(), width, rows, width, 1, out.data());
  return out;
}

// Products of bfloat16 numbers: each factor is off by half of 1/128, a sum of n of them as a walk.
double bound(std::size_t n) { return 3 * kBfloat16Epsilon * std::sqrt(static_cast<double>(n)); }

TEST(Bf16ExpertMatricesTest, FollowsTheFloatProductsForBlocksOfAnySize) {
  const auto weights = random_floats(kExperts * kStride, 1);
  auto values = weights;
  std::vector<float> gradients(kExperts * kStride, 0.0f);
  Bf16ExpertMatrices matrices({values.data(), gradients.data()}, kStride, kExperts, kIn, kOut);
  for (std::size_t task = 0; task < matrices.pack_tasks(); ++task) matrices.pack(task, true);
  for (const std::size_t rows : {1, 2, 31, 64, 133}) {
    const std::size_t expert = rows % kExperts;
    const auto x = random_floats(rows * kIn, rows), d_out = random_floats(rows * kOut, rows + 1);
    std::vector<float> out(rows * kOut), d_x(rows * kIn), out_ref = out, d_x_ref = d_x;
    AlignedArray<Bfloat16> kept_x(Bf16ExpertMatrices::kept(rows, kIn));
    AlignedArray<Bfloat16> kept_d(Bf16ExpertMatrices::kept(rows, kOut));
    EXPECT_LE(kept_x.size(), Bf16ExpertMatrices::most_kept(rows, 1, kIn));
    matrices.forward(expert, rows, rounded(x, rows, kIn).data(), out.data(), kept_x.data());
    matrices.backward(expert, rows, rounded(d_out, rows, kOut).data(), d_x.data(), kept_d.data());
    const float* w = weights.data() + expert * kStride;
    gemm_ref(Transpose::kNo, Transpose::kYes, rows, kOut, kIn, 1, x.data(), kIn, w, kIn, 0,
             out_ref.data(), kOut);
    gemm_ref(Transpose::kNo, Transpose::kNo, rows, kIn, kOut, 1, d_out.data(), kOut, w, kIn, 0,
             d_x_ref.data(), kIn);
    expect_near(out, out_ref, bound(kIn), "out");
    expect_near(d_x, d_x_ref, bound(kOut), "d_x");

    std::vector<float> d_w(kIn * kOut);
    gemm_ref(Transpose::kYes, Transpose::kNo, kOut, kIn, rows, 1, d_out.data(), kOut, x.data(), kIn,
             0, d_w.data(), kIn);
    const auto gradient = [&] {
      const float* g = gradients.data() + expert * kStride;
      return std::vector<float>(g, g + kIn * kOut);
    };
    matrices.weight_gradient(expert, rows, kept_x.data(), kept_d.data(), false);
    expect_near(gradient(), d_w, bound(rows), "d_w");
    matrices.weight_gradient(expert, rows, kept_x.data(), kept_d.data(), true);
    for (float& value : d_w) value *= 2;
    expect_near(gradient(), d_w, 2 * bound(rows), "d_w, added");
  }
}

}  // namespace
}  // namespace pith
