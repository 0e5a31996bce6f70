#pragma once

#include <memory>

#include "pith/nn/tape.h"

namespace pith {

// Causal grouped-query attention within documents (tensor/cpu/causal_attention.h): qkv is
// (rows, (H + 2 G) D), out is (rows, H D). max_sequence bounds a batch's T.
std::unique_ptr<Op> attention_op(Activation* qkv, std::size_t H, std::size_t G, std::size_t D,
                                 std::size_t max_sequence, Activation* out);

}  // namespace pith
