#include "pith/tensor/cpu/relu_squared.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

TEST(ReluSquaredTest, FollowsTheReferenceAtEveryLength) {
  for (const std::size_t n : {0, 1, 3, 15, 16, 17, 100}) {
    const auto x = random_floats(n, 1, 3), d_out = random_floats(n, 2);
    std::vector<float> out(n), d_x(n);
    auto out_ref = out, d_ref = d_x;
    relu_squared(x.data(), n, out.data());
    relu_squared_ref(x.data(), n, out_ref.data());
    relu_squared_backward(x.data(), d_out.data(), n, d_x.data());
    relu_squared_backward_ref(x.data(), d_out.data(), n, d_ref.data());
    expect_near(out, out_ref, kEpsilon * 200, "out");  // a rounding of numbers up to about 150
    expect_near(d_x, d_ref, kEpsilon * 200, "d_x");
  }
}

TEST(ReluSquaredTest, GradientsAreTheSlopesOfTheReference) {
  auto x = random_floats(20, 3);
  for (float& value : x) value += value > 0 ? 0.1f : -0.1f;  // away from the bend
  const auto weight = random_floats(20, 4);
  std::vector<float> out(20), d_x(20);
  relu_squared_backward(x.data(), weight.data(), 20, d_x.data());
  const auto loss = [&] {
    relu_squared_ref(x.data(), 20, out.data());
    return weighted(out, weight);
  };
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(slope(loss, x, i, 1e-2), d_x[i], 2e-4);
}

}  // namespace
}  // namespace pith
