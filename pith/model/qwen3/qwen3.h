#pragma once

#include "pith/model/architecture.h"

namespace pith {

// Qwen3ForCausalLM (Yang et al. 2025): Llama with RMSNorm of every query and key head before RoPE.
extern const Architecture kQwen3;

}  // namespace pith
