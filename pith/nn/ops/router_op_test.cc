#include "pith/nn/ops/router_op.h"

#include "pith/nn/ops/op_test.h"

namespace pith {
namespace {

// Two blocks of rows, the second beginning inside of a sequence.
constexpr std::size_t kB = 3, kT = 100, kE = 6, kK = 2;

class RouterOpTest : public testing::Test {
 protected:
  void make(float sequence_balance) {
    logits_ = lone_.activation(kE);
    out_ = lone_.activation(kK);
    op_ = router_op(logits_, bias_.data(), sequence_balance, routing_, out_);
    lone_.bind(*op_);
  }

  LoneOp lone_{kB, kT};
  Routing routing_{{.experts = kE, .chosen = kK, .scale = 2.0f}};
  std::vector<float> bias_ = random_floats(kE, 1, 0.2);
  Activation *logits_ = nullptr, *out_ = nullptr;
  std::unique_ptr<Op> op_;
};

TEST_F(RouterOpTest, GradientsOfWeightsAreSlopes) {
  make(0);
  const auto d_out = lone_.gradient(out_);
  auto logits = lone_.value(logits_);
  lone_.forward(*op_);
  const std::vector<int> chosen(routing_.chosen(0), routing_.chosen(0) + kB * kT * kK);
  lone_.backward(*op_);
  std::size_t checked = 0;
  for (std::size_t i = 0; i < logits.size(); i += 29) {
    const auto loss = [&] {
      lone_.set_value(logits_, logits);
      lone_.forward(*op_);
      return weighted(lone_.value(out_), d_out);
    };
    const double expected = slope(loss, logits, i, 1e-2);
    if (!std::equal(chosen.begin(), chosen.end(), routing_.chosen(0)))
      continue;  // too near another
    ++checked;
    EXPECT_NEAR(expected, static_cast<double>(lone_.gradient(logits_)[i]), 2e-3) << i;
  }
  EXPECT_GT(checked, 40u);
}

// The balance loss by its definition, choices held still.
TEST_F(RouterOpTest, TheBalanceLossHasTheGradientOfItsDefinition) {
  constexpr float kBalance = 3;
  make(kBalance);
  lone_.step.pass_scale = 0.5f;
  lone_.set_gradient(out_, std::vector<float>(kB * kT * kK, 0.0f));
  lone_.forward(*op_);
  routing_.sort(lone_.step);
  lone_.backward(*op_);
  auto logits = lone_.value(logits_);
  const auto loss = [&] {
    double sum = 0;
    for (std::size_t b = 0; b < kB; ++b) {
      for (std::size_t e = 0; e < kE; ++e) {
        double share = 0;  // P_e
        for (std::size_t t = b * kT; t < (b + 1) * kT; ++t) {
          double all = 0;
          for (std::size_t i = 0; i < kE; ++i) {
            all += 1 / (1 + std::exp(-static_cast<double>(logits[t * kE + i])));
          }
          share += 1 / (1 + std::exp(-static_cast<double>(logits[t * kE + e]))) / all / kT;
        }
        const double often = static_cast<double>(routing_.often(b, e)) * kE / (kK * kT);  // f_e
        sum += often * share / kB;
      }
    }
    return 0.5 * static_cast<double>(kBalance) * sum;
  };
  const auto d_logits = lone_.gradient(logits_);
  for (std::size_t i = 0; i < logits.size(); i += 31) {
    EXPECT_NEAR(slope(loss, logits, i, 1e-2), static_cast<double>(d_logits[i]), 1e-6) << i;
  }
}

}  // namespace
}  // namespace pith
