#include "pith/nn/ops/experts_op.h"

#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/swiglu.h"

namespace pith {
namespace {

// Expert 0 gets more than a block of tokens, expert 2 none.
constexpr std::size_t kRows = 500, kC = 6, kI = 5, kE = 4, kK = 2, kExpertFloats = 3 * kI * kC;

class ExpertsOpTest : public testing::Test {
 protected:
  ExpertsOpTest() {
    x_ = lone_.activation(kC);
    weights_ = lone_.activation(kK);
    slots_ = lone_.activation(kK * kC);
    sum_ = lone_.activation(kC);
    op_ = experts_op(x_, weights_, {matrices_.data(), gradient_.data()}, kI, routing_, workspace_,
                     slots_, sum_);
    routing_.reserve(kRows);
    for (std::size_t t = 0; t < kRows; ++t) {
      routing_.chosen(t)[0] = 0;
      routing_.chosen(t)[1] = t % 3 == 0 ? 1 : 3;
    }
    lone_.bind(*op_);
  }

  // What a token's choice adds, by the definition.
  std::vector<float> expert_ref(std::size_t t, std::size_t j) const {
    const float* expert =
        matrices_.data() + static_cast<std::size_t>(routing_chosen(t, j)) * kExpertFloats;
    std::vector<float> gate_up(2 * kI, 0.0f), active(kI), out(kC, 0.0f);
    for (std::size_t f = 0; f < 2 * kI; ++f) {
      for (std::size_t c = 0; c < kC; ++c) gate_up[f] += expert[f * kC + c] * x_->value[t * kC + c];
    }
    swiglu_ref(gate_up.data(), 1, kI, active.data());
    for (std::size_t c = 0; c < kC; ++c) {
      for (std::size_t f = 0; f < kI; ++f) {
        out[c] += expert[2 * kI * kC + c * kI + f] * active[f] * weights_->value[t * kK + j];
      }
    }
    return out;
  }
  static int routing_chosen(std::size_t t, std::size_t j) {
    return j == 0 ? 0 : t % 3 == 0 ? 1 : 3;
  }

  LoneOp lone_{1, kRows};
  Routing routing_{{.experts = kE, .chosen = kK}};
  ExpertsWorkspace workspace_;
  std::vector<float> matrices_ = random_floats(kE * kExpertFloats, 1, 0.5);
  std::vector<float> gradient_ = random_floats(kE * kExpertFloats, 2);
  Activation *x_, *weights_, *slots_, *sum_;
  std::unique_ptr<Op> op_;
};

TEST_F(ExpertsOpTest, EveryTokenMeetsTheExpertsThatItChose) {
  lone_.forward(*op_);
  for (std::size_t t = 0; t < kRows; t += 7) {
    for (std::size_t j = 0; j < kK; ++j) {
      const float* slot = slots_->value + routing_.slot(t, j) * kC;
      expect_near({slot, slot + kC}, expert_ref(t, j), 512 * kEpsilon, "slot");
    }
  }
}

TEST_F(ExpertsOpTest, GradientsAreSlopes) {
  lone_.forward(*op_);
  std::vector<float> d_slots;
  for (std::size_t slot = 0; slot < kRows * kK; ++slot) {
    const float* row = sum_->gradient + routing_.row(slot) * kC;
    d_slots.insert(d_slots.end(), row, row + kC);
  }
  const auto loss = [&] {
    lone_.forward(*op_);
    return weighted(lone_.value(slots_), d_slots) / 100;
  };
  const auto hundredth = [](std::vector<float> gradient) {
    for (float& value : gradient) value /= 100;
    return gradient;
  };
  loss();
  lone_.backward(*op_);
  const auto d_matrices = gradient_;
  for (Activation* input : {x_, weights_}) {
    auto values = lone_.value(input);
    const auto loss_of = [&] {
      lone_.set_value(input, values);
      return loss();
    };
    expect_slopes(loss_of, values, hundredth(lone_.gradient(input)), 67, "d_input");
    lone_.set_value(input, values);  // without the last step
  }
  expect_slopes(loss, matrices_, hundredth(d_matrices), 11, "d_matrices");
  for (std::size_t i = 0; i < kExpertFloats; ++i) {
    EXPECT_EQ(d_matrices[2 * kExpertFloats + i], 0) << "an expert without tokens";
  }
  lone_.step.add_gradients = true;  // the same once more: twice as much
  lone_.forward(*op_);
  lone_.backward(*op_);
  auto twice = d_matrices;
  for (float& value : twice) value *= 2;
  expect_near(gradient_, twice, kRows * 64 * kEpsilon, "d_matrices, added");
}

TEST(SumExpertsOpTest, SlotsAndSharedAreSummedAndSharedGetsTheSumsGradient) {
  LoneOp lone(1, kRows);
  Routing routing({.experts = kE, .chosen = kK});
  routing.reserve(kRows);
  for (std::size_t t = 0; t < kRows; ++t) {
    routing.chosen(t)[0] = static_cast<int>(t % 2);
    routing.chosen(t)[1] = static_cast<int>(2 + t % 2);
  }
  routing.sort(lone.step);
  Activation *slots = lone.activation(kK * kC), *shared = lone.activation(kC);
  Activation* out = lone.activation(kC);
  const auto op = sum_experts_op(slots, shared, routing, out);
  lone.bind(*op);
  lone.forward(*op);
  lone.backward(*op);
  EXPECT_EQ(lone.gradient(shared), lone.gradient(out));
  EXPECT_FALSE(slots->has_gradient);
  for (std::size_t t = 0; t < kRows; ++t) {
    for (std::size_t c = 0; c < kC; ++c) {
      float sum = shared->value[t * kC + c];
      for (std::size_t j = 0; j < kK; ++j) {
        sum += slots->value[routing.slot(t, j) * kC + c];
      }
      ASSERT_EQ(out->value[t * kC + c], sum);
    }
  }
}

}  // namespace
}  // namespace pith
