#pragma once

#include <memory>
#include <vector>

#include "pith/nn/tape.h"

namespace pith {

// outs are the columns of x, one after the other; their widths sum to that of x.
std::unique_ptr<Op> split_columns_op(Activation* x, std::vector<Activation*> outs);

// out is the columns of the inputs, one after the other.
std::unique_ptr<Op> join_columns_op(std::vector<Activation*> inputs, Activation* out);

}  // namespace pith
