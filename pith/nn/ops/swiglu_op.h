#pragma once

#include <memory>

#include "pith/nn/tape.h"

namespace pith {

// out (rows, F) = silu(gate) up of gate_up (rows, 2 F) (tensor/cpu/swiglu.h).
std::unique_ptr<Op> swiglu_op(Activation* gate_up, Activation* out);

}  // namespace pith
