#include "pith/model/architecture.h"

#include <array>
#include <string>

#include "pith/base/check.h"
#include "pith/model/arcee/arcee.h"
#include "pith/model/deepseek_v3/deepseek_v3.h"
#include "pith/model/llama/llama.h"
#include "pith/model/nanochat/nanochat.h"
#include "pith/model/pith/pith.h"
#include "pith/model/qwen3/qwen3.h"

namespace pith {
namespace {

constexpr std::array kArchitectures = {&kArcee, &kDeepseekV3, &kLlama, &kNanochat, &kPith, &kQwen3};

constexpr double kMillion = 1e6;
constexpr std::array kCommonFields = {
    integer_field("vocab_size", &ModelConfig::vocab_size, 2, 4 * kMillion),
    integer_field("hidden_size", &ModelConfig::hidden_size, 1, 65536),
    integer_field("intermediate_size", &ModelConfig::intermediate_size, 1, 1048576),
    integer_field("num_hidden_layers", &ModelConfig::layers, 1, 1024),
    integer_field("num_attention_heads", &ModelConfig::heads, 1, 1024),
    integer_field("max_position_embeddings", &ModelConfig::context, 1, 16 * kMillion).or_else(2048),
    number_field("rope_theta", &ModelConfig::rope_theta, 1, 1e12).or_else(10000),
    number_field("rms_norm_eps", &ModelConfig::norm_epsilon, 1e-30, 0.1).or_else(1e-6),
    flag_field("tie_word_embeddings", &ModelConfig::tie_embeddings).or_else(0),
};

}  // namespace

std::span<const Architecture* const> architectures() { return kArchitectures; }
std::span<const ConfigField> common_fields() { return kCommonFields; }

const Architecture* find_architecture(std::string_view model_type) {
  for (const Architecture* architecture : kArchitectures) {
    if (architecture->model_type == model_type) return architecture;
  }
  return nullptr;
}

const Architecture& architecture_of(const ModelConfig& config) {
  const Architecture* architecture = find_architecture(config.architecture);
  PITH_CHECK(architecture != nullptr, "a config is of an architecture that there is");
  return *architecture;
}

std::string architecture_names() {
  std::string names;
  for (const Architecture* architecture : kArchitectures) {
    names += (names.empty() ? "" : ", ") + std::string(architecture->model_type);
  }
  return names;
}

Network network_of(const ModelConfig& config) { return architecture_of(config).network(config); }

const ConfigField* find_field(const Architecture& architecture, std::string_view name) {
  for (const std::span<const ConfigField> fields : {common_fields(), architecture.fields}) {
    for (const ConfigField& field : fields) {
      if (field.name == name) return &field;
    }
  }
  return nullptr;
}

Status set_field(const ConfigField& field, const Json& value, ModelConfig& config) {
  const std::string name(field.name);
  if (field.flag != nullptr) {
    if (!value.is_bool()) return input_error("[model] " + name + " is not true or false");
    config.*field.flag = value.as_bool(false);
    return {};
  }
  const double number = value.is_number() ? value.as_double() : field.least - 1;
  if ((field.integer != nullptr && !value.is_integer()) || !value.is_number() ||
      !(number >= field.least && number <= field.most)) {
    return input_error("[model] " + name + " is not " +
                       (field.integer != nullptr ? "an integer" : "a number") + " from " +
                       Json(field.least).dump() + " to " + Json(field.most).dump() + ": " +
                       value.dump());
  }
  if (field.integer != nullptr) {
    config.*field.integer = static_cast<int>(value.as_int());
  } else {
    config.*field.number = number;
  }
  return {};
}

Status check_grouped_attention(const ModelConfig& config) {
  if (config.heads % config.kv_heads != 0) {
    return input_error("[model] num_attention_heads is no multiple of num_key_value_heads: " +
                       std::to_string(config.heads) + " and " + std::to_string(config.kv_heads));
  }
  if (config.head_size % 2 != 0) {
    return input_error("[model] head_dim is odd, which RoPE cannot turn: " +
                       std::to_string(config.head_size));
  }
  return {};
}

void fill_in_grouped_attention(ModelConfig& config) {
  if (config.kv_heads == 0) config.kv_heads = config.heads;
  if (config.head_size == 0 && config.heads > 0) {
    config.head_size = config.hidden_size / config.heads;
  }
}

}  // namespace pith
