#include "pith/nn/ops/attention_op.h"

#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/causal_attention.h"

namespace pith {
namespace {

// Two sequences, more than one block of queries to each, two query heads to a key head; a second
// document begins in the middle. The op was made for longer sequences than it gets.
constexpr std::size_t kB = 2, kT = 70, kH = 4, kG = 2, kD = 3;
constexpr AttentionShape kShape{kT, kH, kG, kD};

class AttentionOpTest : public testing::Test {
 protected:
  AttentionOpTest() : lone_(kB, kT), begin_(kB * kT, 0) {
    for (std::size_t t = 30; t < kT; ++t) begin_[kT + t] = 30;
    lone_.step.begin = begin_.data();
    qkv_ = lone_.activation(kShape.row());
    out_ = lone_.activation(kH * kD);
    op_ = attention_op(qkv_, {kT + 9, kH, kG, kD}, out_);
    lone_.bind(*op_);
  }

  LoneOp lone_;
  std::vector<int> begin_;
  Activation *qkv_, *out_;
  std::unique_ptr<Op> op_;
};

TEST_F(AttentionOpTest, FollowsTheReference) {
  const auto qkv = lone_.value(qkv_), d_out = lone_.gradient(out_);
  std::vector<float> out(kB * kT * kH * kD), log_sum_exp(kT * kH), d_qkv(qkv.size());
  for (std::size_t b = 0; b < kB; ++b) {
    const std::size_t row = b * kT;
    for (std::size_t group = 0; group < kG; ++group) {
      causal_attention_ref(kShape, group, qkv.data() + row * kShape.row(), begin_.data() + row,
                           out.data() + row * kH * kD, log_sum_exp.data());
      causal_attention_backward_ref(kShape, group, qkv.data() + row * kShape.row(),
                                    begin_.data() + row, d_out.data() + row * kH * kD,
                                    d_qkv.data() + row * kShape.row());
    }
  }
  lone_.forward(*op_);
  lone_.backward(*op_);
  expect_near(lone_.value(out_), out, kT * 8 * kEpsilon, "out");
  expect_near(lone_.gradient(qkv_), d_qkv, kT * 64 * kEpsilon, "d_qkv");
}

TEST_F(AttentionOpTest, GradientsAreSlopes) {
  auto qkv = lone_.value(qkv_);
  const auto d_out = lone_.gradient(out_);
  const auto loss = [&] {
    lone_.set_value(qkv_, qkv);
    lone_.forward(*op_);
    return weighted(lone_.value(out_), d_out);
  };
  loss();
  lone_.backward(*op_);
  expect_slopes(loss, qkv, lone_.gradient(qkv_), 23, "d_qkv");
}

}  // namespace
}  // namespace pith
