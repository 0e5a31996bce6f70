#pragma once

#include "pith/model/architecture.h"

namespace pith {

// DeepseekV3ForCausalLM (DeepSeek-AI 2024): latent attention, fine-grained experts with a shared one
// and a router that a bias balances, first layers without experts, and a layer that predicts a
// second token. docs/architectures.md says what is there.
extern const Architecture kDeepseekV3;

}  // namespace pith
