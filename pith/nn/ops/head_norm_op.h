#pragma once

#include <memory>

#include "pith/nn/ops/weight.h"
#include "pith/nn/tape.h"

namespace pith {

// RMSNorm of queries and keys, every head over its own D numbers (tensor/cpu/rms_norm.h). x and out
// are (rows, (H + 2 G) D): H query heads times query_gain (D), G key heads times key_gain (D), then
// G value heads, which pass through. Gains without a gradient are constants.
std::unique_ptr<Op> head_norm_op(Activation* x, Weight query_gain, Weight key_gain, std::size_t H,
                                 std::size_t G, std::size_t D, float epsilon, Activation* out);

}  // namespace pith
