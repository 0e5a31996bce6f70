#include "pith/model/nanochat/nanochat.h"

#include <array>

namespace pith {
namespace {

constexpr std::array kFields = {
    kKvHeadsField, kHeadSizeField,
    number_field("final_logit_softcapping", &ModelConfig::final_logit_softcapping, 1e-3, 1e6)
        .or_null(15)};
constexpr std::array kFixed = {FixedField{"hidden_act", "\"relu2\"", ""},
                               FixedField{"attention_bias", "false", ""}};

void propose(ModelConfig& config) {
  config.final_logit_softcapping = 15;
  config.tie_embeddings = false;
}

Network network(const ModelConfig& config) {
  const GroupedAttention attention{config.heads,
                                   config.kv_heads,
                                   config.head_size,
                                   GroupedAttention::HeadNorm::kAfterRope,
                                   /*head_norm_gains=*/false,
                                   /*rope_turns_back=*/true};
  const Mlp mlp{Mlp::Kind::kReluSquared, config.intermediate_size, "fc1", "fc2"};
  Network network;
  network.layers.assign(static_cast<std::size_t>(config.layers), Layer{attention, mlp});
  network.norm_gains = false;
  network.norm_embedding = true;
  network.softcap = config.final_logit_softcapping;
  return network;
}

}  // namespace

constinit const Architecture kNanochat = {.model_type = "nanochat",
                                          .class_name = "NanoChatForCausalLM",
                                          .fields = kFields,
                                          .fixed = kFixed,
                                          .fill_in = fill_in_grouped_attention,
                                          .check = check_grouped_attention,
                                          .network = network,
                                          .propose = propose};

}  // namespace pith
