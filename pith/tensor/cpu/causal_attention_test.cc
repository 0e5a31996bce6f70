#include "pith/tensor/cpu/causal_attention.h"

#include <numeric>

#include "pith/tensor/cpu/attention_outcome_test.h"
#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

AttentionOutcome fast_outcome(const AttentionShape& shape, const std::vector<float>& qkv,
                              const std::vector<int>& begin, const std::vector<float>& d_out) {
  AttentionOutcome result(shape);
  std::vector<float> scratch(attention_scratch(shape.T));
  for (std::size_t group = 0; group < shape.G; ++group) {
    causal_attention(shape, group, qkv.data(), begin.data(), result.out.data(),
                     result.log_sum_exp.data(), scratch.data());
    causal_attention_backward(shape, group, qkv.data(), begin.data(), result.log_sum_exp.data(),
                              d_out.data(), result.d_qkv.data(), scratch.data());
  }
  return result;
}

TEST(CausalAttentionTest, FollowsTheReferenceWithAnyHeadsAndDocuments) {
  struct Case {
    AttentionShape shape;
    std::vector<std::size_t> starts;
  };
  const Case cases[] = {{{1, 1, 1, 2}, {}},           {{5, 2, 2, 6}, {3}},
                        {{64, 4, 2, 16}, {}},         {{65, 4, 1, 8}, {1, 64}},
                        {{130, 3, 3, 10}, {63, 100}}, {{200, 6, 2, 32}, {5, 6, 7, 128}},
                        {{70, 2, 2, 12, 8}, {40}},    {{130, 4, 2, 6, 10}, {}}};
  for (const Case& c : cases) {
    const auto qkv = random_floats(c.shape.T * c.shape.row(), c.shape.T, 1.5);
    const auto d_out = random_floats(c.shape.T * c.shape.H * c.shape.E, 2);
    const auto begin = begins(c.shape.T, c.starts);
    const AttentionOutcome fast = fast_outcome(c.shape, qkv, begin, d_out);
    const AttentionOutcome slow = reference_outcome(c.shape, qkv, begin, d_out);
    // Scores to about 20 have D roundings; they go through e^x, and T of them are summed.
    const double terms = static_cast<double>(c.shape.D + c.shape.T);
    expect_near(fast.out, slow.out, terms * kEpsilon * 20, "out");
    expect_near(fast.log_sum_exp, slow.log_sum_exp, terms * kEpsilon * 20, "log_sum_exp");
    expect_near(fast.d_qkv, slow.d_qkv, terms * kEpsilon * 200, "d_qkv");
  }
}

TEST(CausalAttentionTest, GradientsAreTheSlopesOfTheReference) {
  const AttentionShape shape{7, 4, 2, 4, 3};
  auto qkv = random_floats(shape.T * shape.row(), 1);
  const auto weight = random_floats(shape.T * shape.H * shape.E, 2);
  const auto begin = begins(shape.T, {3});
  const AttentionOutcome fast = fast_outcome(shape, qkv, begin, weight);
  std::vector<float> out(weight.size()), log_sum_exp(shape.T * shape.H);
  const auto loss = [&] {
    for (std::size_t group = 0; group < shape.G; ++group) {
      causal_attention_ref(shape, group, qkv.data(), begin.data(), out.data(), log_sum_exp.data());
    }
    return weighted(out, weight);
  };
  for (std::size_t i = 0; i < qkv.size(); ++i) {
    EXPECT_NEAR(slope(loss, qkv, i, 2e-2), fast.d_qkv[i], 2e-4) << i;
  }
}

}  // namespace
}  // namespace pith
