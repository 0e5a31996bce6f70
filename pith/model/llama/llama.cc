#include "pith/model/llama/llama.h"

#include <array>

namespace pith {
namespace {

constexpr std::array kFields = {kKvHeadsField, kHeadSizeField};
constexpr std::array kFixed = {FixedField{"hidden_act", "\"silu\"", ""},
                               FixedField{"attention_bias", "false", ""},
                               FixedField{"mlp_bias", "false", ""}};

Network network(const ModelConfig& config) {
  const GroupedAttention attention{config.heads, config.kv_heads, config.head_size};
  const Mlp mlp{Mlp::Kind::kSwiglu, config.intermediate_size};
  Network network;
  network.layers.assign(static_cast<std::size_t>(config.layers), Layer{attention, mlp});
  return network;
}

}  // namespace

constinit const Architecture kLlama = {.model_type = "llama",
                                       .class_name = "LlamaForCausalLM",
                                       .fields = kFields,
                                       .fixed = kFixed,
                                       .fill_in = fill_in_grouped_attention,
                                       .check = check_grouped_attention,
                                       .network = network};

}  // namespace pith
