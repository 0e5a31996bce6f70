#pragma once

#include <memory>

#include "pith/nn/tape.h"

namespace pith {

// out = max(x, 0)^2, both (rows, F) (tensor/cpu/relu_squared.h).
std::unique_ptr<Op> relu_squared_op(Activation* x, Activation* out);

}  // namespace pith
