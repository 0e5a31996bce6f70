#include "pith/tensor/cpu/adamw_update.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

TEST(AdamwUpdateTest, FollowsTheReferenceAtEveryLength) {
  for (const std::size_t n : {0, 1, 15, 16, 17, 100, 1000}) {
    const AdamWCoefficients with{.gradient_scale = 0.5f,
                                 .beta1 = 0.9f,
                                 .beta2 = 0.95f,
                                 .decay = 0.999f,
                                 .step_size = 0.02f,
                                 .inverse_root = 3,
                                 .epsilon = 1e-8f};
    const auto gradient = random_floats(n, 1);
    auto value = random_floats(n, 2), first = random_floats(n, 3), second = random_floats(n, 4);
    for (float& v : second) v = v * v + 1e-3f;
    auto value_ref = value, first_ref = first, second_ref = second;
    adamw_update(with, gradient.data(), n, value.data(), first.data(), second.data());
    adamw_update_ref(with, gradient.data(), n, value_ref.data(), first_ref.data(),
                     second_ref.data());
    expect_near(first, first_ref, 4 * kEpsilon * 4, "first moment");
    expect_near(second, second_ref, 4 * kEpsilon * 16, "second moment");
    expect_near(value, value_ref, 8 * kEpsilon * 4, "value");
  }
}

TEST(AdamwUpdateTest, SumsSquaresOfAnyLength) {
  for (const std::size_t n : {0, 1, 15, 16, 17, 1023, 1024, 1025, 40000}) {
    const auto values = random_floats(n, 7);
    const double expected = weighted(values, values);
    EXPECT_NEAR(sum_of_squares(values.data(), n), expected, 70 * kEpsilon * (expected + 1));
  }
}

}  // namespace
}  // namespace pith
