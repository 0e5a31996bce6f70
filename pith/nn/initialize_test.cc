#include "pith/nn/initialize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "pith/model/architecture.h"

namespace pith {
namespace {

constexpr InitializeOptions kOptions = {.embedding = 0.3, .hidden = 2, .residual = 0.5};

ModelConfig config_of(const Architecture& architecture) {
  ModelConfig config = {.vocab_size = 300,
                        .hidden_size = 64,
                        .intermediate_size = 160,
                        .layers = 2,
                        .heads = 4,
                        .context = 32,
                        .tie_embeddings = false};
  config.architecture = architecture.model_type;
  if (architecture.propose != nullptr) architecture.propose(config);
  architecture.fill_in(config);
  if (config.kv_lora_rank > 0) config.num_nextn_predict_layers = 1;
  if (config.ngram_rows > 0) config.ngram_rows = 64;
  return config;
}

std::unique_ptr<Transformer> make(const ModelConfig& config, std::uint64_t seed,
                                  const InitializeOptions& options) {
  auto made = Transformer::create(config, {.max_batch_tokens = 32});
  EXPECT_TRUE(made) << made.error().message;
  for (Parameter& parameter : (*made)->parameters()) {
    for (float& value : parameter.value) value = 7;  // what is not written shows
  }
  initialize_parameters(**made, seed, options);
  return std::move(*made);
}

bool ends_with_one_of(const std::string& name, const std::vector<std::string>& ends) {
  for (const std::string& end : ends) {
    if (name.ends_with(end + ".weight")) return true;
  }
  return false;
}

// By the names of transformers, not by what the list of parameters says of itself.
double expected_deviation(const Parameter& parameter) {
  if (ends_with_one_of(parameter.name, {"embed_tokens", "lm_head"})) return 0.3;
  const double hidden = 2 / std::sqrt(static_cast<double>(parameter.shape.back()));
  return ends_with_one_of(parameter.name, {"o_proj", "down_proj", "fc2"}) ? hidden / 2 : hidden;
}

TEST(InitializeTest, EveryTensorOfEveryArchitectureHasItsDeviation) {
  for (const Architecture* architecture : architectures()) {
    SCOPED_TRACE(std::string(architecture->model_type));
    const auto model = make(config_of(*architecture), 1, kOptions);
    for (const Parameter& parameter : model->parameters()) {
      const std::vector<float> values(parameter.value.begin(), parameter.value.end());
      const bool zeros = parameter.name.find("bias") != std::string::npos ||
                         parameter.name.find("ngram") != std::string::npos;
      if (zeros || !parameter.is_matrix()) {
        EXPECT_EQ(values, std::vector<float>(values.size(), zeros ? 0.0f : 1.0f)) << parameter.name;
        continue;
      }
      double squares = 0;
      for (const float value : values) squares += static_cast<double>(value) * value;
      const auto n = static_cast<double>(values.size());
      // A deviation from n numbers is off by about 1 / sqrt(2 n) of itself; five times that.
      const double expected = expected_deviation(parameter);
      EXPECT_NEAR(std::sqrt(squares / n), expected, 5 * expected / std::sqrt(2 * n))
          << parameter.name;
    }
  }
}

// Each layer begins as nothing: nothing is added to the residual stream.
TEST(InitializeTest, WithoutResidualDeviationWhatIsAddedIsZero) {
  for (const Architecture* architecture : architectures()) {
    const auto model = make(config_of(*architecture), 1, {});
    int found = 0;
    for (const Parameter& parameter : model->parameters()) {
      if (!ends_with_one_of(parameter.name, {"o_proj", "down_proj", "fc2"})) continue;
      ++found;
      for (const float value : parameter.value) ASSERT_EQ(value, 0) << parameter.name;
    }
    EXPECT_GE(found, 4) << architecture->model_type;
  }
}

TEST(InitializeTest, AParameterDependsOnTheSeedAndNotOnWhatComesAfterIt) {
  ModelConfig config = config_of(*find_architecture("llama"));
  const auto shallow = make(config, 1, kOptions), other = make(config, 2, kOptions);
  config.layers = 3;
  const auto deep = make(config, 1, kOptions);
  const auto values = [](Transformer& model, std::size_t i) {
    const std::span<const float> value = model.parameters()[i].value;
    return std::vector<float>(value.begin(), value.end());
  };
  for (const std::size_t i : {0u, 2u, 3u}) {  // embedding, queries, keys
    EXPECT_EQ(values(*shallow, i), values(*deep, i));
    EXPECT_NE(values(*shallow, i), values(*other, i));
  }
  EXPECT_NE(values(*shallow, 3), values(*shallow, 4));  // keys and values are alike in shape only
}

}  // namespace
}  // namespace pith
