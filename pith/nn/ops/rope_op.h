#pragma once

#include <memory>

#include "pith/nn/tape.h"
#include "pith/tensor/cpu/rope.h"

namespace pith {

// Turns the first `heads` heads of x in place (tensor/cpu/rope.h); out is x under another name.
// `angles` lives as long as the op.
std::unique_ptr<Op> rope_op(Activation* x, const RopeAngles& angles, std::size_t heads,
                            std::size_t D, Activation* out);

}  // namespace pith
