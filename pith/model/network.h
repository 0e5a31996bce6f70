#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

// What a model computes, as a list of blocks that read the residual stream x and add to it. nn/
// trains what is said here and infer/ serves it; neither knows the architectures by name.
//
//   x = embed(tokens) + ngrams(tokens)                  norm_embedding: x = rms_norm(x)
//   each layer:  x += attention(rms_norm(x));  x += mlp(rms_norm(x))
//   logits = head(rms_norm(x))                          softcap c: logits = c tanh(logits / c)
namespace pith {

// Causal attention (Vaswani et al. 2017) of H query heads over G key-value heads of D, with RoPE.
struct GroupedAttention {
  int heads = 0, kv_heads = 0, head_size = 0;
  // RMSNorm of every query and key head by itself, over its D numbers.
  enum class HeadNorm : std::uint8_t { kNone, kBeforeRope, kAfterRope };
  HeadNorm head_norm = HeadNorm::kNone;
  bool head_norm_gains = false;  // with learned gains, one (D) for queries and one for keys
  bool rope_turns_back = false;  // by minus the angle, as nanochat has it
};

// Multi-head latent attention (DeepSeek-AI 2024, DeepSeek-V2, section 2.1): keys and values of all
// heads come from one latent vector, and a part of the key that has a position is common to all.
struct LatentAttention {
  int heads = 0;
  int query_rank = 0;  // of the queries' own latent vector; 0: none
  int key_value_rank = 0;
  int unturned_size = 0;  // of queries and keys: without a position,
  int turned_size = 0;    // and with, in neighbouring pairs
  int value_size = 0;
  double latent_norm_epsilon = 1e-6;
};

struct Mlp {
  enum class Kind : std::uint8_t {
    kSwiglu,      // down(silu(gate x) * up x)
    kReluSquared  // down(max(up x, 0)^2)
  };
  Kind kind = Kind::kSwiglu;
  int width = 0;                                   // F
  std::string up = "up_proj", down = "down_proj";  // names of tensors
};

// Experts (DeepSeek-AI 2024, DeepSeek-V3, section 2.1.2): every token goes to the `chosen` of
// `routed` gated MLPs with the highest scores, and to a shared one. No token is dropped.
struct Experts {
  int routed = 0, chosen = 0;
  int width = 0;         // of one
  int shared_width = 0;  // of the shared one
  int groups = 1, kept_groups = 1;
  bool normalise = true;
  double scale = 1;
};

struct Layer {
  std::variant<GroupedAttention, LatentAttention> attention;
  std::variant<Mlp, Experts> mlp;
};

// A table whose rows stand for the last n tokens, by ngram_rows.h.
struct NgramEmbedding {
  int n = 2;
  int rows = 0;  // a power of two
};

struct Network {
  std::vector<NgramEmbedding> ngrams;  // added to the embedding of the token
  std::vector<Layer> layers;
  // Predicts the token after the next, in training only (DeepSeek-V3, section 2.2): a layer that
  // reads  project([rms_norm(embed(next token)), rms_norm(the normalised stream)]).
  std::vector<Layer> prediction;  // none or one
  bool norm_gains = true;         // RMSNorm multiplies by a learned gain
  bool norm_embedding = false;
  double softcap = 0;  // 0: none
};

}  // namespace pith
