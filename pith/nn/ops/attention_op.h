#pragma once

#include <memory>

#include "pith/nn/tape.h"
#include "pith/tensor/cpu/causal_attention.h"

namespace pith {

// Causal grouped-query attention within documents: qkv is (rows, shape.row()), out is (rows, H E).
// shape.T bounds a batch's T.
std::unique_ptr<Op> attention_op(Activation* qkv, const AttentionShape& shape, Activation* out);

}  // namespace pith
