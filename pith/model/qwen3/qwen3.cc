#include "pith/model/qwen3/qwen3.h"

#include <array>

namespace pith {
namespace {

constexpr std::array kFields = {kKvHeadsField, kHeadSizeField};
constexpr std::array kFixed = {FixedField{"hidden_act", "\"silu\"", ""},
                               FixedField{"attention_bias", "false", ""},
                               FixedField{"use_sliding_window", "false", ""}};

Network network(const ModelConfig& config) {
  const GroupedAttention attention{config.heads, config.kv_heads, config.head_size,
                                   GroupedAttention::HeadNorm::kBeforeRope,
                                   /*head_norm_gains=*/true};
  const Mlp mlp{Mlp::Kind::kSwiglu, config.intermediate_size};
  Network network;
  network.layers.assign(static_cast<std::size_t>(config.layers), Layer{attention, mlp});
  return network;
}

}  // namespace

constinit const Architecture kQwen3 = {.model_type = "qwen3",
                                       .class_name = "Qwen3ForCausalLM",
                                       .fields = kFields,
                                       .fixed = kFixed,
                                       .fill_in = fill_in_grouped_attention,
                                       .check = check_grouped_attention,
                                       .network = network};

}  // namespace pith
