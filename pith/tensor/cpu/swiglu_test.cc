#include "pith/tensor/cpu/swiglu.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

TEST(SwigluTest, FollowsTheReferenceAtEveryWidthAndFarOut) {
  for (const std::size_t F : {1, 3, 15, 16, 17, 40, 352}) {
    const std::size_t rows = 4;
    auto gate_up = random_floats(rows * 2 * F, 1, 3);
    gate_up[0] = -100;  // e^-x leaves the range of floats
    gate_up[2 * F] = 100;
    const auto d_out = random_floats(rows * F, 2);
    std::vector<float> out(rows * F), d(rows * 2 * F);
    auto out_ref = out, d_ref = d;
    swiglu(gate_up.data(), rows, F, out.data());
    swiglu_ref(gate_up.data(), rows, F, out_ref.data());
    swiglu_backward(gate_up.data(), d_out.data(), rows, F, d.data());
    swiglu_backward_ref(gate_up.data(), d_out.data(), rows, F, d_ref.data());
    // A dozen roundings of products up to about 100 * 12 * 4.
    expect_near(out, out_ref, 12 * kEpsilon * 1200, "out");
    expect_near(d, d_ref, 12 * kEpsilon * 4800, "d_gate_up");
  }
}

TEST(SwigluTest, GradientsAreTheSlopesOfTheReference) {
  const std::size_t rows = 2, F = 9;
  auto gate_up = random_floats(rows * 2 * F, 1);
  const auto weight = random_floats(rows * F, 2);
  std::vector<float> out(rows * F), d(rows * 2 * F);
  swiglu_backward(gate_up.data(), weight.data(), rows, F, d.data());
  const auto loss = [&] {
    swiglu_ref(gate_up.data(), rows, F, out.data());
    return weighted(out, weight);
  };
  for (std::size_t i = 0; i < d.size(); ++i) EXPECT_NEAR(slope(loss, gate_up, i, 1e-2), d[i], 2e-4);
}

}  // namespace
}  // namespace pith
