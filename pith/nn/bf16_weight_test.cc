#include "pith/nn/bf16_weight.h"

#include <vector>

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

TEST(Bf16WeightTest, BothLayoutsHoldTheRoundedWeight) {
  struct Size {
    std::size_t out, in;
  };
  for (const Size size : {Size{1, 1}, Size{33, 7}, Size{200, 300}, Size{129, 513}}) {
    const auto value = random_floats(size.out * size.in, size.out);
    Bf16Weight weight(size.out, size.in);
    for (std::size_t task = 0; task < weight.tasks(); ++task) {
      weight.pack(task, value.data(), true);
    }
    const auto element = [](Bf16Panels panels, std::size_t k, std::size_t n) {
      return panels.data[n / 32 * panels.stride + k / 2 * 64 + n % 32 * 2 + k % 2];
    };
    for (std::size_t o = 0; o < size.out; ++o) {
      for (std::size_t i = 0; i < size.in; ++i) {
        const Bfloat16 expected = to_bfloat16(value[o * size.in + i]);
        ASSERT_EQ(element(weight.forward(), i, o), expected) << o << ", " << i;
        ASSERT_EQ(element(weight.backward(), o, i), expected) << o << ", " << i;
      }
    }
  }
}

}  // namespace
}  // namespace pith
