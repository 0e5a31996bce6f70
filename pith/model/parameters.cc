#include "pith/model/parameters.h"

#include <span>

namespace pith {

std::int64_t ParameterShape::elements() const {
  std::int64_t product = 1;
  for (const std::int64_t extent : shape) product *= extent;
  return product;
}

std::vector<ParameterShape> parameter_shapes(const ModelConfig& config) {
  const std::int64_t C = config.hidden_size, F = config.intermediate_size;
  const std::int64_t queries = std::int64_t{config.heads} * config.head_size;
  const std::int64_t keys = std::int64_t{config.kv_heads} * config.head_size;

  std::vector<ParameterShape> list;
  list.push_back({"model.embed_tokens.weight", {config.vocab_size, C}});
  for (int layer = 0; layer < config.layers; ++layer) {
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    list.push_back({prefix + "input_layernorm.weight", {C}});
    list.push_back({prefix + "self_attn.q_proj.weight", {queries, C}});
    list.push_back({prefix + "self_attn.k_proj.weight", {keys, C}});
    list.push_back({prefix + "self_attn.v_proj.weight", {keys, C}});
    list.push_back({prefix + "self_attn.o_proj.weight", {C, queries}});
    list.push_back({prefix + "post_attention_layernorm.weight", {C}});
    list.push_back({prefix + "mlp.gate_proj.weight", {F, C}});
    list.push_back({prefix + "mlp.up_proj.weight", {F, C}});
    list.push_back({prefix + "mlp.down_proj.weight", {C, F}});
  }
  list.push_back({"model.norm.weight", {C}});
  if (!config.tie_embeddings) list.push_back({"lm_head.weight", {config.vocab_size, C}});
  return list;
}

std::int64_t count_parameters(const ModelConfig& config) {
  std::int64_t sum = 0;
  for (const ParameterShape& parameter : parameter_shapes(config)) sum += parameter.elements();
  return sum;
}

double flops_per_token(const ModelConfig& config, double context) {
  double multiplying = 0;  // weights
  for (const ParameterShape& parameter : parameter_shapes(config)) {
    const bool looked_up = parameter.name == "model.embed_tokens.weight" && !config.tie_embeddings;
    if (parameter.is_matrix() && !looked_up) {
      multiplying += static_cast<double>(parameter.elements());
    }
  }
  const double width = static_cast<double>(config.heads) * config.head_size;
  // Scores and weighted sum, two operations per product, once forward and twice backward.
  const double attention = 12.0 * config.layers * width * context;
  return 6.0 * multiplying + attention;
}

namespace {

std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text;
  for (const std::int64_t n : shape) text += (text.empty() ? "" : ", ") + std::to_string(n);
  return "[" + text + "]";
}

}  // namespace

Status check_tensors(const ModelConfig& config, const std::string& folder,
                     const ModelFolder& files) {
  for (const ParameterShape& expected : parameter_shapes(config)) {
    const TensorView* tensor = files.find(expected.name);
    if (tensor == nullptr) {
      return format_error("[model] " + folder + ": the weights lack tensor " + expected.name +
                          ", which config.json calls for; they do not belong together");
    }
    if (tensor->shape != expected.shape) {
      return format_error("[model] " + folder + ": tensor " + expected.name + " has shape " +
                          shape_text(tensor->shape) + ", config.json calls for " +
                          shape_text(expected.shape) + "; they do not belong together");
    }
  }
  return {};
}

}  // namespace pith
