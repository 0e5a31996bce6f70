#include "pith/nn/transformer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "pith/base/random.h"
#include "pith/model/architecture.h"
#include "pith/nn/random_weights_test.h"
#include "pith/nn/row_gradients.h"

namespace pith {
namespace {

struct Tokens {
  std::vector<int> tokens, targets, begin;
  TokenBatch view(int B, int T) const { return {B, T, tokens, targets, begin}; }
};

ModelConfig tiny(bool tied = true) {
  return {.vocab_size = 37,
          .hidden_size = 20,
          .intermediate_size = 28,
          .layers = 2,
          .heads = 4,
          .kv_heads = 2,
          .head_size = 6,
          .context = 512,
          .tie_embeddings = tied};
}

// All of it, of a table by rows too.
std::vector<float> gradient_of(const Parameter& parameter) {
  if (parameter.rows == nullptr) return {parameter.gradient.begin(), parameter.gradient.end()};
  std::vector<float> all(parameter.value.size());
  const RowGradients& rows = *parameter.rows;
  for (std::size_t slot = 0; slot < rows.rows().size(); ++slot) {
    const std::span<const float> row = rows.gradient(slot);
    std::copy(row.begin(), row.end(), all.data() + rows.rows()[slot] * rows.columns());
  }
  return all;
}

// As a training would be told nothing of its own.
ModelConfig tiny_of(const Architecture& architecture) {
  ModelConfig config = tiny();
  config.architecture = architecture.model_type;
  config.kv_heads = config.head_size = 0;
  if (architecture.propose != nullptr) architecture.propose(config);
  config.kv_heads = config.kv_heads == 0 ? 2 : config.kv_heads;
  config.head_size = config.head_size == 0 ? 6 : config.head_size;
  if (config.ngram_rows > 0) config.ngram_rows = 64;  // some n-grams share a row
  return config;
}

// Every expert is chosen: no choice jumps while weights move.
ModelConfig smooth(ModelConfig config) {
  config.n_routed_experts = config.num_experts_per_tok;
  return config;
}

std::unique_ptr<Transformer> make(const ModelConfig& config, int max_tokens, int threads = 1,
                                  Precision precision = Precision::kFloat32) {
  auto model = Transformer::create(
      config, {.max_batch_tokens = max_tokens, .threads = threads, .precision = precision});
  EXPECT_TRUE(model) << model.error().message;
  randomize_weights(**model, 0.2f, 11);
  return std::move(*model);
}

// Two documents to a row, the second beginning at T/3; some targets not counted.
Tokens random_tokens(int B, int T, int V, std::uint64_t seed) {
  Random random(seed);
  Tokens result;
  for (int i = 0; i < B * T; ++i) {
    result.tokens.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(V))));
    result.targets.push_back(
        i % 7 == 3 ? -1 : static_cast<int>(random.below(static_cast<std::uint64_t>(V))));
    result.begin.push_back(i % T < T / 3 ? 0 : T / 3);
  }
  return result;
}

// Central differences along the gradient's own direction and along random ones, for every tensor.
void expect_gradients(const ModelConfig& config) {
  const auto model = make(config, 2 * 9);
  const Tokens tokens = random_tokens(2, 9, config.vocab_size, 5);
  const TokenBatch batch = tokens.view(2, 9);
  model->zero_gradients();
  model->loss_and_gradients(batch);
  for (Parameter& parameter : model->parameters()) {
    if (!parameter.by_gradient) continue;
    const std::vector<float> saved(parameter.value.begin(), parameter.value.end());
    const std::vector<float> gradient = gradient_of(parameter);
    const std::size_t n = saved.size();
    for (int trial = 0; trial < 3; ++trial) {
      Random random(static_cast<std::uint64_t>(trial), parameter.name);
      std::vector<double> direction(n);
      double length = 0, slope = 0;
      for (std::size_t i = 0; i < n; ++i) {
        direction[i] = trial == 0 ? static_cast<double>(gradient[i]) : random.normal();
        length += direction[i] * direction[i];
      }
      length = std::sqrt(length);
      ASSERT_GT(length, 0) << parameter.name;
      for (std::size_t i = 0; i < n; ++i) {
        direction[i] /= length;
        slope += direction[i] * static_cast<double>(gradient[i]);
      }
      const auto loss_at = [&](double distance) {
        for (std::size_t i = 0; i < n; ++i) {
          parameter.value[i] =
              static_cast<float>(static_cast<double>(saved[i]) + distance * direction[i]);
        }
        const LossSum loss = model->loss(batch);
        return loss.nats / static_cast<double>(loss.counted);
      };
      // Error: epsilon^2 times the third derivative, and the loss's rounding over epsilon.
      const double epsilon = 4e-3;
      const double measured = (8 * (loss_at(epsilon) - loss_at(-epsilon)) -
                               (loss_at(2 * epsilon) - loss_at(-2 * epsilon))) /
                              (12 * epsilon);
      EXPECT_NEAR(measured, slope, 2e-4 + 2e-3 * std::abs(slope)) << parameter.name;
    }
    std::copy(saved.begin(), saved.end(), parameter.value.begin());
  }
}

TEST(TransformerTest, GradientsAreTheSlopesOfTheLossTied) { expect_gradients(tiny(true)); }
TEST(TransformerTest, GradientsAreTheSlopesOfTheLossUntied) { expect_gradients(tiny(false)); }
TEST(TransformerTest, GradientsAreTheSlopesOfTheLossOfEveryArchitecture) {
  for (const Architecture* architecture : architectures()) {
    SCOPED_TRACE(std::string(architecture->model_type));
    expect_gradients(smooth(tiny_of(*architecture)));
  }
}

void expect_documents_apart(const ModelConfig& config) {
  const auto model = make(config, 2 * 300);
  const int T = 300, first = T / 3;
  const Tokens packed = random_tokens(2, T, config.vocab_size, 3);
  std::vector<float> all(static_cast<std::size_t>(2 * T * config.vocab_size));
  model->logits(packed.view(2, T), all);

  const std::span<const int> row(packed.tokens.data() + T, static_cast<std::size_t>(T));
  const auto document = row.subspan(static_cast<std::size_t>(first));
  const int length = T - first;
  std::vector<float> alone(static_cast<std::size_t>(length * config.vocab_size));
  model->logits({1, length, document, {}, {}}, alone);
  const float* inside = all.data() + (T + first) * config.vocab_size;
  for (std::size_t i = 0; i < alone.size(); ++i) ASSERT_NEAR(alone[i], inside[i], 2e-4) << i;
}

TEST(TransformerTest, APackedDocumentSeesWhatItSeesAlone) {
  for (const Architecture* architecture : architectures()) {
    SCOPED_TRACE(std::string(architecture->model_type));
    expect_documents_apart(tiny_of(*architecture));
  }
}

TEST(TransformerTest, NoTokenSeesALaterOne) {
  const ModelConfig config = tiny();
  const auto model = make(config, 100);
  Tokens tokens = random_tokens(1, 100, config.vocab_size, 3);
  const std::size_t changed = 70, V = 37;
  std::vector<float> before(100 * V), after(100 * V);
  model->logits(tokens.view(1, 100), before);
  tokens.tokens[changed] = (tokens.tokens[changed] + 1) % config.vocab_size;
  model->logits(tokens.view(1, 100), after);
  for (std::size_t i = 0; i < changed * V; ++i) ASSERT_EQ(before[i], after[i]) << i;
  double moved = 0;
  for (std::size_t i = 99 * V; i < 100 * V; ++i)
    moved += std::abs(static_cast<double>(before[i] - after[i]));
  EXPECT_GT(moved, 0.01);  // and the last one does see the change
}

// Where the processor has no instructions for a precision, that of floats stands in.
void expect_gradients_alike(const ModelConfig& config, Precision precision) {
  const Tokens tokens = random_tokens(2, 300, config.vocab_size, 9);
  const auto exact = make(config, 600), model = make(config, 600, 2, precision);
  EXPECT_EQ(model->precision(), available_precision(precision));
  exact->zero_gradients();
  model->zero_gradients();
  const double expected = exact->loss_and_gradients(tokens.view(2, 300)).mean();
  const double loss = model->loss_and_gradients(tokens.view(2, 300)).mean();
  EXPECT_NEAR(loss, expected, 0.01 * expected);
  EXPECT_EQ(loss, model->loss(tokens.view(2, 300)).mean());
  for (std::size_t i = 0; i < model->parameters().size(); ++i) {
    if (!model->parameters()[i].by_gradient) continue;
    const auto mine = gradient_of(model->parameters()[i]);
    const auto theirs = gradient_of(exact->parameters()[i]);
    double both = 0, of_mine = 0, of_theirs = 0;
    for (std::size_t k = 0; k < mine.size(); ++k) {
      both += static_cast<double>(mine[k]) * static_cast<double>(theirs[k]);
      of_mine += static_cast<double>(mine[k]) * static_cast<double>(mine[k]);
      of_theirs += static_cast<double>(theirs[k]) * static_cast<double>(theirs[k]);
    }
    EXPECT_GT(both / std::sqrt(of_mine * of_theirs), 0.99) << model->parameters()[i].name;
    EXPECT_NEAR(std::sqrt(of_mine / of_theirs), 1, 0.05) << model->parameters()[i].name;
  }
}

class TransformerPrecisionTest : public testing::TestWithParam<Precision> {};
INSTANTIATE_TEST_SUITE_P(Precisions, TransformerPrecisionTest,
                         testing::Values(Precision::kFloat32, Precision::kBfloat16,
                                         Precision::kInt8),
                         [](const auto& precision) {
                           return std::string(to_string(precision.param));
                         });

TEST_P(TransformerPrecisionTest, GradientsPointWhereThoseOfFloatsDo) {
  for (const Architecture* architecture : architectures()) {
    SCOPED_TRACE(std::string(architecture->model_type));
    expect_gradients_alike(smooth(tiny_of(*architecture)), GetParam());
  }
}

void expect_same_bits(const ModelConfig& config, Precision precision) {
  const Tokens tokens = random_tokens(5, 130, config.vocab_size, 9);
  const Tokens other = random_tokens(2, 200, config.vocab_size, 10);
  std::vector<std::vector<float>> gradients;
  std::vector<double> losses;
  for (const int threads : {1, 2, 3}) {
    const auto model = make(config, 5 * 130, threads, precision);
    if (threads == 2) model->loss_and_gradients(other.view(2, 200));
    model->zero_gradients();
    losses.push_back(model->loss_and_gradients(tokens.view(5, 130)).nats);
    auto& all = gradients.emplace_back();
    for (const Parameter& parameter : model->parameters()) {
      const std::vector<float> gradient = gradient_of(parameter);
      all.insert(all.end(), gradient.begin(), gradient.end());
    }
  }
  for (std::size_t run : {1u, 2u}) {
    EXPECT_EQ(losses[0], losses[run]);
    EXPECT_EQ(0, std::memcmp(gradients[0].data(), gradients[run].data(),
                             gradients[0].size() * sizeof(float)));
  }
}

TEST_P(TransformerPrecisionTest, TheBitsDoNotDependOnThreadsNorOnWhatRanBefore) {
  expect_same_bits(tiny(false), GetParam());
  for (const Architecture* architecture : architectures()) {
    SCOPED_TRACE(std::string(architecture->model_type));
    expect_same_bits(tiny_of(*architecture), GetParam());
  }
}

TEST(TransformerTest, MicroBatchesAddUpToTheWholeBatch) {
  std::vector<ModelConfig> configs = {tiny(true), tiny(false)};
  for (const Architecture* architecture : architectures()) {
    configs.push_back(tiny_of(*architecture));
  }
  for (const ModelConfig& config : configs) {
    SCOPED_TRACE(config.architecture);
    const auto model = make(config, 4 * 14);
    const Tokens tokens = random_tokens(4, 14, config.vocab_size, 2);  // 14 = 2 * 7: equal counts
    model->zero_gradients();
    const LossSum whole = model->loss_and_gradients(tokens.view(4, 14));
    std::vector<std::vector<float>> expected;
    for (const Parameter& p : model->parameters()) {
      expected.push_back(gradient_of(p));
    }
    model->zero_gradients();
    double nats = 0;
    for (std::size_t part = 0; part < 2; ++part) {
      const auto half = [&](const std::vector<int>& all) {
        return std::span<const int>(all).subspan(part * 28, 28);
      };
      nats += model
                  ->loss_and_gradients(
                      {2, 14, half(tokens.tokens), half(tokens.targets), half(tokens.begin)}, 0.5)
                  .nats;
    }
    EXPECT_NEAR(nats, whole.nats, 1e-4);
    std::size_t i = 0;
    for (const Parameter& p : model->parameters()) {
      const std::vector<float> gradient = gradient_of(p);
      for (std::size_t k = 0; k < gradient.size(); ++k) {
        ASSERT_NEAR(gradient[k], expected[i][k], 1e-5) << p.name << " " << k;
      }
      ++i;
    }
  }
}

ModelConfig tiny_with_second_token(bool tied) {
  ModelConfig config = tiny_of(*find_architecture("deepseek_v3"));
  config.tie_embeddings = tied;
  config.q_lora_rank = 9;
  config.n_routed_experts = 5;
  config.num_experts_per_tok = 2;
  config.num_nextn_predict_layers = 1;
  return config;
}

// The gradient is that of the loss and a part of the second one.
TEST(TransformerTest, GradientsAreTheSlopesOfTheLossAndOfTheSecondOne) {
  for (const bool tied : {true, false}) {
    const auto model = make(smooth(tiny_with_second_token(tied)), 2 * 9);
    const Tokens tokens = random_tokens(2, 9, 37, 5);
    const auto loss = [&] {
      model->zero_gradients();
      const LossSum first = model->loss_and_gradients(tokens.view(2, 9));
      return first.mean() + 0.3 * model->second_loss().mean();
    };
    loss();
    EXPECT_GT(model->second_loss().counted, 5);
    EXPECT_LT(model->second_loss().counted, 13);  // the last of a document has none
    std::vector<std::vector<float>> gradients;
    for (const Parameter& p : model->parameters()) {
      gradients.emplace_back(p.gradient.begin(), p.gradient.end());
    }
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      Parameter& parameter = model->parameters()[i];
      if (!parameter.by_gradient) {
        for (const float g : gradients[i]) ASSERT_EQ(g, 0) << parameter.name;
        continue;
      }
      double length = 0;
      for (const float g : gradients[i]) length += static_cast<double>(g) * g;
      length = std::sqrt(length);
      ASSERT_GT(length, 0) << parameter.name;
      const std::vector<float> saved(parameter.value.begin(), parameter.value.end());
      const auto at = [&](double distance) {
        for (std::size_t k = 0; k < saved.size(); ++k) {
          parameter.value[k] = saved[k] + static_cast<float>(distance * gradients[i][k] / length);
        }
        return loss();
      };
      const double step = 1e-2;
      const double slope =
          (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
      std::copy(saved.begin(), saved.end(), parameter.value.begin());
      EXPECT_NEAR(slope, length, 2e-3 + 0.01 * length) << parameter.name;
    }
  }
}

// An evaluation stops where the model ends, and changes no load.
TEST(TransformerTest, EvaluationsLeaveLoadsAndTheSecondTokenAlone) {
  const auto model = make(tiny_with_second_token(true), 2 * 9);
  const Tokens tokens = random_tokens(2, 9, 37, 5);
  model->zero_gradients();
  const double trained = model->loss_and_gradients(tokens.view(2, 9)).nats;
  const auto loads = model->expert_loads();
  ASSERT_EQ(loads.size(), 2u);  // layer 1 and the predicting one
  EXPECT_EQ(loads[0].layer, 1);
  EXPECT_EQ(loads[1].layer, 2);
  const auto all = [](const ExpertLoad& load) {
    return std::accumulate(load.tokens.begin(), load.tokens.end(), std::int64_t{0});
  };
  EXPECT_EQ(all(loads[0]), 2 * 9 * 2);
  EXPECT_EQ(model->loss(tokens.view(2, 9)).nats, trained);
  EXPECT_EQ(all(model->expert_loads()[0]), 2 * 9 * 2);
  model->zero_gradients();
  EXPECT_EQ(all(model->expert_loads()[0]), 0);
}

// Biases move by their rate, at the end of a step only, up for experts with few tokens.
TEST(TransformerTest, AStepMovesTheBiasesOfRouters) {
  const auto model = make(tiny_with_second_token(true), 2 * 9);
  const Tokens tokens = random_tokens(2, 9, 37, 5);
  Parameter* bias = nullptr;
  for (Parameter& parameter : model->parameters()) {
    if (!parameter.by_gradient && bias == nullptr) bias = &parameter;
  }
  ASSERT_EQ(bias->name, "model.layers.1.mlp.gate.e_score_correction_bias");
  model->zero_gradients();
  model->loss_and_gradients(tokens.view(2, 9));
  const std::vector<float> before(bias->value.begin(), bias->value.end());
  model->end_step();
  const auto load = model->expert_loads()[0].tokens;
  for (std::size_t e = 0; e < before.size(); ++e) {
    const float moved = load[e] * 5 > 36 ? -0.001f : 0.001f;
    EXPECT_NEAR(bias->value[e], before[e] + moved, 1e-7) << e;
  }
}

TEST(TransformerTest, TargetsThatAreNotCountedHaveNoGradient) {
  const ModelConfig config = tiny();
  const auto model = make(config, 20);
  Tokens tokens = random_tokens(1, 20, config.vocab_size, 4);
  tokens.targets.assign(20, -1);
  model->zero_gradients();
  const LossSum loss = model->loss_and_gradients(tokens.view(1, 20));
  EXPECT_EQ(loss.counted, 0);
  EXPECT_EQ(loss.nats, 0);
  for (const Parameter& p : model->parameters()) {
    for (const float g : gradient_of(p)) ASSERT_EQ(g, 0) << p.name;
  }
}

TEST(TransformerTest, AModelTooLargeForTheMachineIsRefused) {
  ModelConfig config = tiny();
  config.hidden_size = 65536;
  config.intermediate_size = 1048576;
  config.layers = 1000;
  const auto model = Transformer::create(config, {});
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().kind, ErrorKind::kCapacity);
}

}  // namespace
}  // namespace pith
