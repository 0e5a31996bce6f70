#include "pith/model/parameters.h"

#include <cmath>
#include <span>
#include <utility>

#include "pith/model/architecture.h"

namespace pith {
namespace {

using Start = ParameterShape::Start;

// Lists tensors of one network in order.
class Lister {
 public:
  Lister(const ModelConfig& config, const Network& network)
      : channels_(config.hidden_size), norm_gains_(network.norm_gains) {}

  void matrix(const std::string& name, std::int64_t out, std::int64_t in,
              Start start = Start::kNormal, double multiplied = 1) {
    list_.push_back({prefix_ + name + ".weight", {out, in}, start, multiplied});
  }
  void table(const std::string& name, std::int64_t rows, std::int64_t width) {
    matrix(name, rows, width, Start::kZeros, 0);
    list_.back().few_rows = true;
  }
  void norm(const std::string& name, std::int64_t width, bool gains) {
    if (gains) list_.push_back({prefix_ + name + ".weight", {width}, Start::kOnes});
  }
  void norm(const std::string& name) { norm(name, channels_, norm_gains_); }

  void layer(const Layer& layer, const std::string& prefix) {
    prefix_ = prefix;
    norm("input_layernorm");
    std::visit([this](const auto& block) { list(block); }, layer.attention);
    norm("post_attention_layernorm");
    std::visit([this](const auto& block) { list(block); }, layer.mlp);
    prefix_.clear();
  }

  std::vector<ParameterShape> take() { return std::move(list_); }

 private:
  void list(const GroupedAttention& block) {
    const std::int64_t D = block.head_size;
    matrix("self_attn.q_proj", block.heads * D, channels_);
    matrix("self_attn.k_proj", block.kv_heads * D, channels_);
    matrix("self_attn.v_proj", block.kv_heads * D, channels_);
    norm("self_attn.q_norm", D, block.head_norm_gains);
    norm("self_attn.k_norm", D, block.head_norm_gains);
    matrix("self_attn.o_proj", channels_, block.heads * D, Start::kResidual);
  }

  void list(const Mlp& block) {
    if (block.kind == Mlp::Kind::kSwiglu) matrix("mlp.gate_proj", block.width, channels_);
    matrix("mlp." + block.up, block.width, channels_);
    matrix("mlp." + block.down, channels_, block.width, Start::kResidual);
  }

  const std::int64_t channels_;
  const bool norm_gains_;
  std::string prefix_;
  std::vector<ParameterShape> list_;
};

// Width of what is multiplied for every pair of tokens: queries with keys, weights with values.
double attention_width(const GroupedAttention& block) {
  return 2.0 * block.heads * block.head_size;
}

}  // namespace

std::int64_t ParameterShape::elements() const {
  std::int64_t product = 1;
  for (const std::int64_t extent : shape) product *= extent;
  return product;
}

std::vector<ParameterShape> parameter_shapes(const ModelConfig& config) {
  const Network network = network_of(config);
  Lister lister(config, network);
  lister.matrix("model.embed_tokens", config.vocab_size, config.hidden_size, Start::kNormal,
                config.tie_embeddings ? 1 : 0);
  for (std::size_t i = 0; i < network.ngrams.size(); ++i) {
    lister.table("model.ngram_embeddings." + std::to_string(i), network.ngrams[i].rows,
                 config.hidden_size);
  }
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    lister.layer(network.layers[i], "model.layers." + std::to_string(i) + ".");
  }
  lister.norm("model.norm");
  if (!config.tie_embeddings) lister.matrix("lm_head", config.vocab_size, config.hidden_size);
  return lister.take();
}

std::int64_t count_parameters(const ModelConfig& config) {
  std::int64_t sum = 0;
  for (const ParameterShape& parameter : parameter_shapes(config)) sum += parameter.elements();
  return sum;
}

std::int64_t count_active_parameters(const ModelConfig& config) {
  double sum = 0;
  for (const ParameterShape& parameter : parameter_shapes(config)) {
    const auto elements = static_cast<double>(parameter.elements());
    const bool looked_up = parameter.is_matrix() && parameter.multiplied == 0;
    sum += looked_up ? static_cast<double>(parameter.shape[1]) : parameter.multiplied * elements;
  }
  return std::llround(sum);
}

double flops_per_token(const ModelConfig& config, double context) {
  double multiplying = 0;  // weights
  for (const ParameterShape& parameter : parameter_shapes(config)) {
    if (parameter.is_matrix()) {
      multiplying += parameter.multiplied * static_cast<double>(parameter.elements());
    }
  }
  double width = 0;
  for (const Layer& layer : network_of(config).layers) {
    width += std::visit([](const auto& block) { return attention_width(block); }, layer.attention);
  }
  // Two operations per product, once forward and twice backward.
  return 6.0 * multiplying + 6.0 * width * context;
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
