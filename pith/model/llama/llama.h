#pragma once

#include "pith/model/architecture.h"

namespace pith {

// LlamaForCausalLM (Touvron et al. 2023): RMSNorm, RoPE, grouped-query attention, SwiGLU.
extern const Architecture kLlama;

}  // namespace pith
