#pragma once

#include <memory>
#include <vector>

#include "pith/nn/tape.h"

namespace pith {

// x under several names, so that several ops can read it: gradients are summed, in their order.
std::unique_ptr<Op> fork_op(Activation* x, std::vector<Activation*> outs);

}  // namespace pith
