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

    row = expected = scores;
    const SoftmaxSum fast = attention_exponentials(row.data(), at.n, at.first, at.last);
    const SoftmaxSum slow = attention_exponentials_ref(expected.data(), at.n, at.first, at.last);
    EXPECT_EQ(fast.maximum, slow.maximum);
    EXPECT_NEAR(fast.sum, slow.sum, 64 * kEpsilon * static_cast<double>(slow.sum));
    expect_near(row, expected, 64 * kEpsilon, "exponentials");
  }
}

}  // namespace
}  // namespace pith
