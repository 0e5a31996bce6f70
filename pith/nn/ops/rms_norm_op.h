#pragma once

#include <memory>

#include "pith/nn/ops/weight.h"
#include "pith/nn/tape.h"

namespace pith {

// sum = x + branch, out = rms_norm(sum) * gain (tensor/cpu/rms_norm.h), all (rows, C). With branch
// null, sum is x under another name. The branch's value is not needed any more afterwards. A gain
// without a gradient is a constant.
std::unique_ptr<Op> rms_norm_op(Activation* x, Activation* branch, Weight gain, float epsilon,
                                Activation* sum, Activation* out);

}  // namespace pith
