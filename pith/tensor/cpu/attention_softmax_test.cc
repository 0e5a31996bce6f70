#include "pith/tensor/cpu/attention_softmax.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

struct Row {
  std::size_t n, first, last;
};
const Row kRows[] = {{1, 0, 0}, {5, 2, 2}, {16, 0, 15}, {17, 0, 16}, {33, 1, 31}, {100, 7, 70}};

// e^x within 2 units in the last place, a sum of n of them, and the rounding of x - maximum.
TEST(AttentionSoftmaxTest, FollowsTheReferenceAndZeroesWhatIsNotSeen) {
  for (const Row& at : kRows) {
    auto row = random_floats(at.n, at.n, 4), expected = row, scores = row;
    const float sum = attention_softmax(row.data(), at.n, at.first, at.last);
    const float expected_sum = attention_softmax_ref(expected.data(), at.n, at.first, at.last);
    EXPECT_NEAR(sum, expected_sum, 64 * kEpsilon);
    expect_near(row, expected, 64 * kEpsilon, "p");

    auto d_row = random_floats(at.n, 9), d_expected = d_row;
    row = expected = scores;
    attention_d_softmax(row.data(), d_row.data(), at.n, at.first, at.last, sum, 0.5f);
    attention_d_softmax_ref(expected.data(), d_expected.data(), at.n, at.first, at.last, sum, 0.5f);
    expect_near(row, expected, 64 * kEpsilon, "p again");
    expect_near(d_row, d_expected, 256 * kEpsilon, "d_scores");
  }
}

TEST(AttentionSoftmaxTest, PaddedRowsDoNotSeeWhatIsBehindThem) {
  for (const Row& at : kRows) {
    const std::size_t n = (at.n + 15) / 16 * 16;
    auto row = random_floats(n, at.n, 4), d_row = random_floats(n, 9);
    for (std::size_t s = 0; s < n; ++s) {
      if (s < at.first || s > at.last) row[s] = d_row[s] = std::nanf("");
    }
    const auto scores = row;
    auto expected = row, d_expected = d_row;
    const SoftmaxSum fast = padded_exponentials(row.data(), n, at.first, at.last);
    const SoftmaxSum slow = padded_exponentials_ref(expected.data(), n, at.first, at.last);
    EXPECT_EQ(fast.maximum, slow.maximum);
    EXPECT_NEAR(fast.sum, slow.sum, 64 * kEpsilon * static_cast<double>(slow.sum));
    expect_near(row, expected, 64 * kEpsilon, "exponentials");

    row = expected = scores;
    const float sum = slow.maximum + std::log(slow.sum);
    padded_d_softmax(row.data(), d_row.data(), n, at.first, at.last, sum);
    attention_d_softmax_ref(expected.data(), d_expected.data(), n, at.first, at.last, sum, 1);
    expect_near(row, expected, 64 * kEpsilon, "p");
    expect_near(d_row, d_expected, 256 * kEpsilon, "d_scores");
  }
}

}  // namespace
}  // namespace pith
