#include "pith/tensor/cpu/softcap.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

TEST(SoftcapTest, FollowsTheReferenceAtEveryLengthAndFarOut) {
  constexpr float kCap = 15;
  for (const std::size_t n : {0, 1, 3, 15, 16, 17, 100}) {
    auto x = random_floats(n, 1, 10);
    if (n > 2) x[0] = 1e4f, x[1] = -1e4f;
    auto expected = x;
    std::vector<float> slopes(n), slopes_ref(n);
    auto without = x;
    softcap(kCap, n, x.data(), slopes.data());
    softcap(kCap, n, without.data(), nullptr);
    softcap_ref(kCap, n, expected.data(), slopes_ref.data());
    // tanh is off by a few roundings of 1.
    expect_near(x, expected, 4 * kEpsilon * static_cast<double>(kCap), "x");
    expect_near(slopes, slopes_ref, 8 * kEpsilon, "slopes");
    EXPECT_EQ(x, without);
  }
}

TEST(SoftcapTest, SlopesAreTheSlopesOfTheReference) {
  auto x = random_floats(20, 3, 4);
  auto capped = x;
  std::vector<float> slopes(20);
  softcap(5, 20, capped.data(), slopes.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto value = [&] {
      float one = x[i];
      softcap_ref(5, 1, &one, nullptr);
      return static_cast<double>(one);
    };
    EXPECT_NEAR(slope(value, x, i, 2e-2), slopes[i], 1e-4);
  }
}

}  // namespace
}  // namespace pith
