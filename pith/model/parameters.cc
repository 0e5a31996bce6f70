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
              Start start = Start::kHidden, double multiplied = 1) {
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

  void prediction(const Layer& predicting, const std::string& prefix) {
    prefix_ = prefix;
    norm("enorm");
    norm("hnorm");
    matrix("eh_proj", channels_, 2 * channels_);
    layer(predicting, prefix);
    prefix_ = prefix;
    norm("shared_head.norm");
    prefix_.clear();
  }

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

  // What reads the stream side by side: the queries, or their latent vector, and the latent vector
  // of keys and values with the key's turned part.
  void list(const LatentAttention& block) {
    const std::int64_t H = block.heads, N = block.unturned_size, R = block.turned_size;
    const std::int64_t queries = H * (N + R), latent = block.key_value_rank;
    const bool by_latent = block.query_rank > 0;
    matrix(by_latent ? "self_attn.q_a_proj" : "self_attn.q_proj",
           by_latent ? block.query_rank : queries, channels_);
    matrix("self_attn.kv_a_proj_with_mqa", latent + R, channels_);
    norm("self_attn.q_a_layernorm", block.query_rank, by_latent);
    if (by_latent) matrix("self_attn.q_b_proj", queries, block.query_rank);
    norm("self_attn.kv_a_layernorm", latent, true);
    matrix("self_attn.kv_b_proj", H * (N + block.value_size), latent);
    matrix("self_attn.o_proj", channels_, H * block.value_size, Start::kResidual);
  }

  void list(const Experts& block) {
    matrix("mlp.gate", block.routed, channels_);
    ParameterShape bias{prefix_ + "mlp.gate.e_score_correction_bias", {block.routed}};
    bias.start = Start::kZeros;
    bias.by_gradient = false;
    list_.push_back(std::move(bias));
    const double multiplied = static_cast<double>(block.chosen) / block.routed;
    for (int e = 0; e < block.routed; ++e) {
      gated("mlp.experts." + std::to_string(e), block.width, multiplied);
    }
    gated("mlp.shared_experts", block.shared_width, 1);
  }

  void gated(const std::string& name, std::int64_t width, double multiplied) {
    matrix(name + ".gate_proj", width, channels_, Start::kHidden, multiplied);
    matrix(name + ".up_proj", width, channels_, Start::kHidden, multiplied);
    matrix(name + ".down_proj", channels_, width, Start::kResidual, multiplied);
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

double attention_width(const LatentAttention& block) {
  return static_cast<double>(block.heads) *
         (block.unturned_size + block.turned_size + block.value_size);
}

std::string prediction_prefix(const ModelConfig& config) {
  return "model.layers." + std::to_string(config.layers) + ".";
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
  lister.matrix("model.embed_tokens", config.vocab_size, config.hidden_size, Start::kEmbedding,
                config.tie_embeddings ? 1 : 0);
  for (std::size_t i = 0; i < network.ngrams.size(); ++i) {
    lister.table("model.ngram_embeddings." + std::to_string(i), network.ngrams[i].rows,
                 config.hidden_size);
  }
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    lister.layer(network.layers[i], "model.layers." + std::to_string(i) + ".");
  }
  lister.norm("model.norm");
  if (!config.tie_embeddings) {
    lister.matrix("lm_head", config.vocab_size, config.hidden_size, Start::kEmbedding);
  }
  for (const Layer& layer : network.prediction) {
    lister.prediction(layer, prediction_prefix(config));
  }
  return lister.take();
}

std::int64_t count_parameters(const ModelConfig& config) {
  std::int64_t sum = 0;
  for (const ParameterShape& parameter : parameter_shapes(config)) {
    if (parameter.by_gradient) sum += parameter.elements();
  }
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

std::vector<std::pair<std::string, std::string>> copied_tensors(const ModelConfig& config) {
  if (config.num_nextn_predict_layers == 0) return {};
  const std::string prefix = prediction_prefix(config), embedding = "model.embed_tokens.weight";
  return {{prefix + "embed_tokens.weight", embedding},
          {prefix + "shared_head.head.weight",
           config.tie_embeddings ? embedding : std::string("lm_head.weight")}};
}

ModelConfig without_prediction(const ModelConfig& config) {
  ModelConfig served = config;
  served.num_nextn_predict_layers = 0;
  return served;
}

bool has_prediction(const ModelConfig& config, const ModelFolder& files) {
  return config.num_nextn_predict_layers > 0 &&
         files.find(prediction_prefix(config) + "eh_proj.weight") != nullptr;
}

double flops_per_token(const ModelConfig& config, double context) {
  double multiplying = 0;  // weights
  for (const ParameterShape& parameter : parameter_shapes(config)) {
    if (parameter.is_matrix()) {
      multiplying += parameter.multiplied * static_cast<double>(parameter.elements());
    }
  }
  double width = 0;
  const Network network = network_of(config);
  const auto add_width = [&](const Layer& layer) {
    width += std::visit([](const auto& block) { return attention_width(block); }, layer.attention);
  };
  for (const Layer& layer : network.layers) add_width(layer);
  for (const Layer& layer : network.prediction) {  // and the head once more
    add_width(layer);
    multiplying += static_cast<double>(config.vocab_size) * config.hidden_size;
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
