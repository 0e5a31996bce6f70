#include "pith/nn/int8_weight.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

// Every element within half a step of its row or column.
TEST(Int8WeightTest, BothSidesHoldTheWeight) {
  const std::size_t out = 170, in = 300;
  const auto value = random_floats(out * in, 1);
  Int8Weight weight(out, in);
  for (std::size_t task = 0; task < weight.tasks(); ++task) weight.pack(task, value.data(), true);
  const auto element = [](Int8Panels panels, std::size_t K, std::size_t k, std::size_t n) {
    const std::size_t at = n / 32 * int8_panel_size(K) + k / 4 * 128 + n % 32 * 4 + k % 4;
    return static_cast<double>(panels.data[at]) * static_cast<double>(panels.scales[n]);
  };
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t i = 0; i < in; ++i) {
      const double exact = value[o * in + i];
      const double row = weight.forward().scales[o], column = weight.backward().scales[i];
      ASSERT_NEAR(element(weight.forward(), in, i, o), exact, 0.5001 * row) << o << ", " << i;
      ASSERT_NEAR(element(weight.backward(), out, o, i), exact, 0.5001 * column);
    }
  }
}

}  // namespace
}  // namespace pith
