#include "pith/nn/muon.h"

#include <algorithm>
#include <limits>

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

// A hidden matrix that is high, one that is wide, a stack of three, and what is AdamW's.
struct Model {
  struct Tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<float> value, gradient;
  };
  std::vector<Tensor> tensors;
  Model() {
    add("model.embed_tokens.weight", {50, 8});
    add("model.layers.0.self_attn.q_proj.weight", {24, 8});
    add("model.layers.0.mlp.down_proj.weight", {8, 20});
    add("model.layers.0.mlp.experts.gate_proj", {3, 12, 8});
    add("model.layers.0.mlp.gate.weight", {3, 8});
    add("model.norm.weight", {8});
    add("lm_head.weight", {50, 8});
  }
  void add(const std::string& name, const std::vector<std::int64_t>& shape) {
    std::size_t n = 1;
    for (const std::int64_t extent : shape) n *= static_cast<std::size_t>(extent);
    const std::uint64_t seed = tensors.size();
    tensors.push_back({name, shape, random_floats(n, seed), random_floats(n, seed + 100, 0.01)});
  }
  std::vector<Parameter> parameters() {
    std::vector<Parameter> list;
    for (Tensor& t : tensors) list.push_back({t.name, t.shape, t.value, t.gradient});
    return list;
  }
};

TEST(MuonTest, TakesHiddenMatricesOnly) {
  Model model;
  std::vector<bool> taken;
  for (const Parameter& parameter : model.parameters()) taken.push_back(muon_takes(parameter));
  EXPECT_EQ(taken, (std::vector<bool>{false, true, true, true, false, false, false}));
}

// One matrix by the formulas, in doubles but for the reference of the orthogonalisation.
std::vector<float> expected_step(const MuonOptions& with, const Model::Tensor& tensor,
                                 std::size_t begin, std::size_t R, std::size_t C, double rate,
                                 int steps) {
  std::vector<float> w(tensor.value.begin() + static_cast<std::ptrdiff_t>(begin),
                       tensor.value.begin() + static_cast<std::ptrdiff_t>(begin + R * C));
  std::vector<float> u(R * C), o(R * C);
  std::vector<double> m(R * C), running(std::max(R, C));
  const auto chain =
      orthogonal_polynomials(with.orthogonal_steps, 0.5 * std::pow(0.28, with.orthogonal_steps));
  for (int t = 1; t <= steps; ++t) {
    for (std::size_t i = 0; i < R * C; ++i) {
      const auto g = static_cast<double>(tensor.gradient[begin + i]);
      m[i] = with.momentum * m[i] + (1 - with.momentum) * g;
      u[i] = static_cast<float>((1 - with.momentum) * g + with.momentum * m[i]);
    }
    orthogonalize_ref(chain, u.data(), R, C, o.data());
    double before = 0, after = 0;
    std::vector<double> scale(std::max(R, C), 0.0);
    for (std::size_t n = 0; n < scale.size(); ++n) {
      double mean = 0;
      for (std::size_t k = 0; k < std::min(R, C); ++k) {
        const auto x = static_cast<double>(R >= C ? o[n * C + k] : o[k * C + n]);
        mean += x * x / static_cast<double>(std::min(R, C));
      }
      running[n] = with.neuron_beta * running[n] + (1 - with.neuron_beta) * mean;
      scale[n] = 1 / std::sqrt(running[n] / (1 - std::pow(with.neuron_beta, t)));
      before += mean;
      after += mean * scale[n] * scale[n];
    }
    const double size =
        with.scale == MuonScale::kSpectral
            ? std::sqrt(std::max(1.0, static_cast<double>(R) / static_cast<double>(C)))
            : 0.2 * std::sqrt(static_cast<double>(std::max(R, C)));
    for (std::size_t i = 0; i < R * C; ++i) {
      const std::size_t n = R >= C ? i / C : i % C;
      double update = static_cast<double>(o[i]);
      if (with.neuron_scaling) update *= scale[n] * std::sqrt(before / after);
      const auto x = static_cast<double>(w[i]);
      const bool decays = !with.cautious_decay || update * x > 0;
      w[i] = static_cast<float>(x - rate * size * update -
                                (decays ? rate * with.weight_decay * x : 0.0));
    }
  }
  return w;
}

TEST(MuonTest, FollowsTheFormulas) {
  for (const bool plain : {false, true}) {
    MuonOptions with;
    with.max_gradient_norm = 0;
    with.neuron_scaling = with.cautious_decay = !plain;
    with.scale = plain ? MuonScale::kRms : MuonScale::kSpectral;
    const Model start;
    Model model;
    Muon optimizer(model.parameters(), with, 1);
    for (int t = 0; t < 3; ++t) optimizer.step(0.02);
    const auto check = [&](std::size_t tensor, std::size_t begin, std::size_t R, std::size_t C) {
      const auto& value = model.tensors[tensor].value;
      const std::vector<float> actual(value.begin() + static_cast<std::ptrdiff_t>(begin),
                                      value.begin() + static_cast<std::ptrdiff_t>(begin + R * C));
      expect_near(actual, expected_step(with, start.tensors[tensor], begin, R, C, 0.02, 3), 2e-4,
                  model.tensors[tensor].name.c_str());
    };
    check(1, 0, 24, 8);
    check(2, 0, 8, 20);
    for (const std::size_t expert : {0u, 1u, 2u}) check(3, expert * 96, 12, 8);
  }
}

TEST(MuonTest, TheRestIsAdamWs) {
  Model model, other;
  MuonOptions with;
  with.adamw_rate = 0.5;
  with.max_gradient_norm = 0;
  Muon muon(model.parameters(), with, 2);
  AdamWOptions adamw_options;
  adamw_options.max_gradient_norm = 0;
  AdamW adamw(other.parameters(), adamw_options, 1);
  for (int t = 0; t < 3; ++t) {
    muon.step(0.02);
    adamw.step(0.01);
  }
  for (const std::size_t i : {0u, 4u, 5u, 6u}) {
    EXPECT_EQ(model.tensors[i].value, other.tensors[i].value) << model.tensors[i].name;
  }
  EXPECT_NE(model.tensors[1].value, other.tensors[1].value);
}

TEST(MuonTest, ThreadsDoNotChangeABit) {
  Model one, three;
  Muon a(one.parameters(), {}, 1), b(three.parameters(), {}, 3);
  for (int t = 0; t < 4; ++t) EXPECT_EQ(a.step(0.02), b.step(0.02));
  for (std::size_t i = 0; i < one.tensors.size(); ++i) {
    EXPECT_EQ(one.tensors[i].value, three.tensors[i].value) << one.tensors[i].name;
  }
}

// What state() and steps() hold is all that the next step depends on.
TEST(MuonTest, GoesOnFromItsState) {
  Model model;
  Muon optimizer(model.parameters(), {}, 1);
  for (int t = 0; t < 3; ++t) optimizer.step(0.02);
  Model copy = model;
  Muon resumed(copy.parameters(), {}, 1);
  const auto from = optimizer.state(), to = resumed.state();
  ASSERT_EQ(from.size(), to.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    EXPECT_EQ(from[i].name, to[i].name);
    std::copy(from[i].values.begin(), from[i].values.end(), to[i].values.begin());
  }
  resumed.set_steps(optimizer.steps());
  optimizer.step(0.02);
  resumed.step(0.02);
  for (std::size_t i = 0; i < model.tensors.size(); ++i) {
    EXPECT_EQ(copy.tensors[i].value, model.tensors[i].value) << model.tensors[i].name;
  }
}

TEST(MuonTest, AGradientThatIsNotFiniteChangesNothing) {
  Model model;
  const Model start;
  model.tensors[2].gradient[7] = std::numeric_limits<float>::quiet_NaN();
  Muon optimizer(model.parameters(), {}, 2);
  EXPECT_FALSE(std::isfinite(optimizer.step(0.02)));
  for (std::size_t i = 0; i < model.tensors.size(); ++i) {
    EXPECT_EQ(model.tensors[i].value, start.tensors[i].value);
  }
  EXPECT_EQ(optimizer.steps(), 0);
  for (const StateTensor& tensor : optimizer.state()) {
    for (const float value : tensor.values) EXPECT_EQ(value, 0) << tensor.name;
  }
}

}  // namespace
}  // namespace pith
