#pragma once

#include <memory>

#include "pith/nn/ops/weight.h"
#include "pith/nn/tape.h"

namespace pith {

// out = x W^T, W is (out width, x width) row-major. With `exact` the product is of 32-bit floats
// whatever the tape's precision.
std::unique_ptr<Op> linear_op(Activation* x, Weight weight, Activation* out, bool exact = false);

}  // namespace pith
