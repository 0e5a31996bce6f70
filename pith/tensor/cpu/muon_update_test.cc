#include "pith/tensor/cpu/muon_update.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

constexpr std::size_t kLengths[] = {0, 1, 15, 16, 17, 100, 1023, 1024, 1025, 3000};

TEST(MuonUpdateTest, MomentumFollowsTheReferenceAtEveryLength) {
  for (const std::size_t n : kLengths) {
    const auto gradient = random_floats(n, 1);
    auto momentum = random_floats(n, 2), momentum_ref = momentum;
    std::vector<float> update(n), update_ref(n);
    const double squares =
        muon_momentum(0.5f, 0.9f, gradient.data(), n, momentum.data(), update.data());
    const double expected =
        muon_momentum_ref(0.5f, 0.9f, gradient.data(), n, momentum_ref.data(), update_ref.data());
    expect_near(momentum, momentum_ref, 4 * kEpsilon * 4, "momentum");
    expect_near(update, update_ref, 8 * kEpsilon * 4, "update");
    EXPECT_NEAR(squares, expected, 80 * kEpsilon * (expected + 1)) << n;
  }
}

TEST(MuonUpdateTest, SquaresAreAddedToWhatIsThere) {
  for (const std::size_t n : kLengths) {
    const auto values = random_floats(n, 3);
    auto sums = random_floats(n, 4), sums_ref = sums;
    add_squares(values.data(), n, sums.data());
    add_squares_ref(values.data(), n, sums_ref.data());
    expect_near(sums, sums_ref, 2 * kEpsilon * 20, "sums");
  }
}

TEST(MuonUpdateTest, StepsFollowTheReferenceWithAndWithoutScalesAndCaution) {
  for (const std::size_t n : kLengths) {
    const auto update = random_floats(n, 5), scales = random_floats(n, 6);
    for (const bool cautious : {false, true}) {
      for (const float* with : {static_cast<const float*>(nullptr), scales.data()}) {
        auto value = random_floats(n, 7), value_ref = value;
        const MuonStepSize size{.step = 0.1f, .decay = 0.05f, .cautious = cautious};
        muon_apply(size, update.data(), with, n, value.data());
        muon_apply_ref(size, update.data(), with, n, value_ref.data());
        expect_near(value, value_ref, 8 * kEpsilon * 4, "value");
      }
    }
  }
}

TEST(MuonUpdateTest, CautiousDecayLeavesWhatTheUpdateEnlarges) {
  const std::vector<float> update{1, -1, 0};
  std::vector<float> value{2, 2, 2};
  muon_apply({.step = 0.5f, .decay = 0.25f, .cautious = true}, update.data(), nullptr, 3,
             value.data());
  EXPECT_EQ(value, (std::vector<float>{1, 2.5f, 2}));
}

}  // namespace
}  // namespace pith
