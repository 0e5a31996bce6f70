#pragma once

#include "pith/model/architecture.h"

namespace pith {

// ArceeForCausalLM: Llama with squared ReLU (So et al. 2021) in place of SwiGLU.
extern const Architecture kArcee;

}  // namespace pith
