#include "pith/model/deepseek_v3/deepseek_v3.h"

#include <algorithm>
#include <array>
#include <string>

namespace pith {
namespace {

using Config = ModelConfig;

// Defaults are those of transformers where a file may leave a field out.
constexpr std::array kFields = {
    integer_field("q_lora_rank", &Config::q_lora_rank, 1, 65536).or_null(1536),
    integer_field("kv_lora_rank", &Config::kv_lora_rank, 1, 65536),
    integer_field("qk_nope_head_dim", &Config::qk_nope_head_dim, 1, 1024),
    integer_field("qk_rope_head_dim", &Config::qk_rope_head_dim, 2, 1024),
    integer_field("v_head_dim", &Config::v_head_dim, 1, 1024),
    integer_field("n_routed_experts", &Config::n_routed_experts, 2, 4096),
    integer_field("num_experts_per_tok", &Config::num_experts_per_tok, 1, 256).or_else(8),
    integer_field("n_shared_experts", &Config::n_shared_experts, 1, 256).or_else(1),
    integer_field("moe_intermediate_size", &Config::moe_intermediate_size, 1, 1048576),
    integer_field("first_k_dense_replace", &Config::first_k_dense_replace, 0, 1024).or_else(3),
    integer_field("n_group", &Config::n_group, 1, 256).or_else(8),
    integer_field("topk_group", &Config::topk_group, 1, 256).or_else(4),
    flag_field("norm_topk_prob", &Config::norm_topk_prob).or_else(1),
    number_field("routed_scaling_factor", &Config::routed_scaling_factor, 1e-3, 1e3).or_else(2.5),
    integer_field("num_nextn_predict_layers", &Config::num_nextn_predict_layers, 0, 1).or_else(0)};

constexpr std::array kFixed = {
    FixedField{"hidden_act", "\"silu\"", ""},      FixedField{"attention_bias", "false", ""},
    FixedField{"rope_interleave", "true", ""},     FixedField{"scoring_func", "\"sigmoid\"", ""},
    FixedField{"topk_method", "\"noaux_tc\"", ""}, FixedField{"moe_layer_freq", "1", ""}};

void fill_in(ModelConfig&) {}

// As wide for a token as a dense model of this size: four of 32 experts and a shared one share the
// width of its MLP.
void propose(ModelConfig& config) {
  const int head = std::max(4, config.hidden_size / std::max(1, config.heads));
  config.qk_rope_head_dim = head / 4 * 2;
  config.qk_nope_head_dim = head - config.qk_rope_head_dim;
  config.v_head_dim = head;
  config.kv_lora_rank = std::max(16, (config.hidden_size / 4 + 15) / 16 * 16);
  config.num_experts_per_tok = 4;
  config.n_routed_experts = 32;
  config.n_shared_experts = 1;
  config.moe_intermediate_size = std::max(8, config.intermediate_size / 5 / 8 * 8);
  config.first_k_dense_replace = config.layers > 1 ? 1 : 0;
  config.routed_scaling_factor = 2;
  config.norm_epsilon = 1e-6;
}

Status check(const ModelConfig& config) {
  const auto refuse = [](const std::string& what) { return input_error("[model] " + what); };
  const auto text = [](int value) { return std::to_string(value); };
  if (config.qk_rope_head_dim % 2 != 0) {
    return refuse("qk_rope_head_dim is odd, which RoPE cannot turn: " +
                  text(config.qk_rope_head_dim));
  }
  if (config.first_k_dense_replace > config.layers) {
    return refuse("first_k_dense_replace is above num_hidden_layers: " +
                  text(config.first_k_dense_replace) + " and " + text(config.layers));
  }
  if (config.n_routed_experts % config.n_group != 0 ||
      config.n_routed_experts / config.n_group < 2) {
    return refuse("n_group does not divide n_routed_experts into groups of at least two: " +
                  text(config.n_group) + " and " + text(config.n_routed_experts));
  }
  if (config.topk_group > config.n_group) {
    return refuse("topk_group is above n_group: " + text(config.topk_group) + " and " +
                  text(config.n_group));
  }
  const int in_question = config.n_routed_experts / config.n_group * config.topk_group;
  if (config.num_experts_per_tok > in_question) {
    return refuse("num_experts_per_tok is above the " + text(in_question) +
                  " experts that come into question: " + text(config.num_experts_per_tok));
  }
  if (config.layers * config.n_routed_experts > 65536) {
    return refuse("num_hidden_layers times n_routed_experts is above 65536: " +
                  text(config.layers) + " and " + text(config.n_routed_experts));
  }
  return {};
}

Network network(const ModelConfig& config) {
  const LatentAttention attention{.heads = config.heads,
                                  .query_rank = config.q_lora_rank,
                                  .key_value_rank = config.kv_lora_rank,
                                  .unturned_size = config.qk_nope_head_dim,
                                  .turned_size = config.qk_rope_head_dim,
                                  .value_size = config.v_head_dim};
  const Mlp mlp{Mlp::Kind::kSwiglu, config.intermediate_size};
  const Experts experts{.routed = config.n_routed_experts,
                        .chosen = config.num_experts_per_tok,
                        .width = config.moe_intermediate_size,
                        .shared_width = config.n_shared_experts * config.moe_intermediate_size,
                        .groups = config.n_group,
                        .kept_groups = config.topk_group,
                        .normalise = config.norm_topk_prob,
                        .scale = config.routed_scaling_factor};
  Network network;
  for (int i = 0; i < config.layers; ++i) {
    if (i < config.first_k_dense_replace) {
      network.layers.push_back({attention, mlp});
    } else {
      network.layers.push_back({attention, experts});
    }
  }
  if (config.num_nextn_predict_layers > 0) network.prediction.push_back({attention, experts});
  return network;
}

void write_derived(const ModelConfig& config, Json& json) {
  json.set("num_key_value_heads", config.heads);  // as every head has its own
}

}  // namespace

constinit const Architecture kDeepseekV3 = {.model_type = "deepseek_v3",
                                            .class_name = "DeepseekV3ForCausalLM",
                                            .fields = kFields,
                                            .fixed = kFixed,
                                            .fill_in = fill_in,
                                            .check = check,
                                            .network = network,
                                            .propose = propose,
                                            .write_derived = write_derived};

}  // namespace pith
