#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pith/base/json.h"
#include "pith/base/result.h"

// What a model is: its architecture and the numbers of it, as in a Hugging Face config.json.
namespace pith {

// Letters of shapes: V vocab_size, C hidden_size, F intermediate_size, H heads, G kv_heads,
// D head_size. Token ids are -1 when there is none. Which of the later fields count is said by the
// architecture (architecture.h); the others stay as they are here.
struct ModelConfig {
  std::string architecture = "llama";  // model_type

  // Every architecture has these.
  int vocab_size = 0;
  int hidden_size = 0;
  int intermediate_size = 0;  // of the MLP
  int layers = 0;             // num_hidden_layers
  int heads = 0;              // num_attention_heads
  int kv_heads = 0;           // num_key_value_heads; divides heads
  int head_size = 0;          // head_dim; even
  int context = 0;            // max_position_embeddings, in tokens
  double rope_theta = 10000;
  double norm_epsilon = 1e-5;  // rms_norm_eps
  bool tie_embeddings = true;  // the output head is the embedding
  int bos_token_id = -1;
  int eos_token_id = -1;
  int pad_token_id = -1;

  double final_logit_softcapping = 0;  // 0: none
  int max_ngram = 0, ngram_rows = 0;   // tables for 2- to max_ngram-grams, of so many rows
  // Counted n-grams that go with the network, up to this length (0: none), and the sizes of their
  // tables: contexts (K) and followers (E), 0 until they are counted.
  int ngram_order = 0, ngram_contexts = 0, ngram_followers = 0;

  // Latent attention, by the names of config.json.
  int q_lora_rank = 0;  // 0: queries are projected at once
  int kv_lora_rank = 0;
  int qk_nope_head_dim = 0;  // of a query or key: without a position,
  int qk_rope_head_dim = 0;  // and with
  int v_head_dim = 0;

  // Experts.
  int n_routed_experts = 0;
  int num_experts_per_tok = 0;
  int n_shared_experts = 0;
  int moe_intermediate_size = 0;  // of one expert
  int first_k_dense_replace = 0;  // layers that have none
  int n_group = 1, topk_group = 1;
  bool norm_topk_prob = true;
  double routed_scaling_factor = 1;

  int num_nextn_predict_layers = 0;  // that predict the token after the next: 0 or 1

  friend bool operator==(const ModelConfig&, const ModelConfig&) = default;
};

// Every number within bounds and fitting the others; the error names the field and its bounds.
Status validate(const ModelConfig& config);

// config.json as transformers reads it, versions 4 and 5: both `rope_theta` and `rope_parameters`,
// both `dtype` and `torch_dtype`.
Json to_json(const ModelConfig& config);

// Reads what to_json writes and what transformers writes for these architectures, either version.
// Errors: another architecture, biases, another activation, scaled RoPE, missing or wild numbers.
// `name` (a path, say) opens error messages.
Result<ModelConfig> parse_model_config(const Json& json, std::string_view name);

// parse_model_config of `folder`/config.json.
Result<ModelConfig> load_model_config(const std::string& folder);

}  // namespace pith
