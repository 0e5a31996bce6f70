#include "pith/tensor/cpu/bf16_attention.h"

#include <cstddef>

#include "pith/tensor/cpu/attention_outcome_test.h"
#include "pith/tensor/cpu/bfloat16.h"
#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

AttentionOutcome fast_outcome(const AttentionShape& shape, const std::vector<float>& qkv,
                              const std::vector<int>& begin, const std::vector<float>& d_out) {
  AttentionOutcome result(shape);
  // All ones: not-a-number in bfloat16 and in floats.
  std::vector<std::byte> scratch(bf16_attention_scratch(shape.T, shape.D), std::byte{0xff});
  for (std::size_t group = 0; group < shape.G; ++group) {
    causal_attention_bf16(shape, group, qkv.data(), begin.data(), result.out.data(),
                          result.log_sum_exp.data(), scratch.data());
    causal_attention_backward_bf16(shape, group, qkv.data(), begin.data(),
                                   result.log_sum_exp.data(), d_out.data(), result.d_qkv.data(),
                                   scratch.data());
  }
  return result;
}

// Of each row by itself, so that a row that is wrong shows beside many that are right.
void expect_rows_near(const std::vector<float>& a, const std::vector<float>& b, std::size_t width,
                      double tolerance, const char* what) {
  double whole = 0;
  for (const float value : b) whole += static_cast<double>(value) * static_cast<double>(value);
  const double typical = whole / static_cast<double>(b.size()) * static_cast<double>(width);
  for (std::size_t t = 0; t * width < b.size(); ++t) {
    double off = 0;
    for (std::size_t i = t * width; i < (t + 1) * width; ++i) {
      const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
      off += difference * difference;
    }
    ASSERT_LT(off, tolerance * tolerance * typical) << what << ", row " << t;  // nor NaN
  }
}

// A score of size |s| is off by about |s| epsilon / 2, so is its probability, which is rounded once
// more; errors of different terms are independent.
TEST(Bf16AttentionTest, FollowsTheReferenceWithAnyHeadsAndDocuments) {
  struct Case {
    AttentionShape shape;
    std::vector<std::size_t> starts;
  };
  const Case cases[] = {{{1, 1, 1, 2}, {}},
                        {{5, 2, 2, 6}, {3}},
                        {{64, 4, 2, 16}, {}},
                        {{65, 4, 1, 8}, {1, 64}},
                        {{130, 3, 3, 10}, {63, 100}},
                        {{299, 2, 1, 33}, {}},
                        {{600, 2, 2, 48}, {5, 6, 7, 128, 270, 530}}};
  for (const Case& c : cases) {
    auto qkv = random_floats(c.shape.T * c.shape.row(), c.shape.T);
    auto d_out = random_floats(c.shape.T * c.shape.H * c.shape.D, 2);
    const auto begin = begins(c.shape.T, c.starts);
    SCOPED_TRACE(c.shape.T);
    const AttentionOutcome fast = fast_outcome(c.shape, qkv, begin, d_out);
    const AttentionOutcome slow = reference_outcome(c.shape, qkv, begin, d_out);
    expect_rows_near(fast.out, slow.out, c.shape.H * c.shape.D, 3 * kBfloat16Epsilon, "out");
    expect_near(fast.log_sum_exp, slow.log_sum_exp, 4 * kBfloat16Epsilon, "log_sum_exp");
    expect_rows_near(fast.d_qkv, slow.d_qkv, c.shape.row(), 6 * kBfloat16Epsilon, "d_qkv");
  }
}

}  // namespace
}  // namespace pith
