#include "pith/model/arcee/arcee.h"

#include <array>

namespace pith {
namespace {

constexpr std::array kFields = {kKvHeadsField, kHeadSizeField};
constexpr std::array kFixed = {FixedField{"hidden_act", "\"relu2\"", ""},
                               FixedField{"attention_bias", "false", ""},
                               FixedField{"mlp_bias", "false", ""}};

// transformers loads it only so.
Status check(const ModelConfig& config) {
  if (config.hidden_size % config.heads != 0) {
    return input_error("[model] hidden_size is no multiple of num_attention_heads: " +
                       std::to_string(config.hidden_size) + " and " + std::to_string(config.heads));
  }
  return check_grouped_attention(config);
}

Network network(const ModelConfig& config) {
  const GroupedAttention attention{config.heads, config.kv_heads, config.head_size};
  const Mlp mlp{Mlp::Kind::kReluSquared, config.intermediate_size};
  Network network;
  network.layers.assign(static_cast<std::size_t>(config.layers), Layer{attention, mlp});
  return network;
}

}  // namespace

constinit const Architecture kArcee = {.model_type = "arcee",
                                       .class_name = "ArceeForCausalLM",
                                       .fields = kFields,
                                       .fixed = kFixed,
                                       .fill_in = fill_in_grouped_attention,
                                       .check = check,
                                       .network = network};

}  // namespace pith
