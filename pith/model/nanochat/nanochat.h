#pragma once

#include "pith/model/architecture.h"

namespace pith {

// NanoChatForCausalLM (Karpathy 2025): squared ReLU, RMSNorm without gains (also of the embedding,
// and of every query and key head after RoPE), logits bounded by tanh.
extern const Architecture kNanochat;

}  // namespace pith
