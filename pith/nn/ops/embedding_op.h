#pragma once

#include <memory>

#include "pith/nn/ops/weight.h"
#include "pith/nn/tape.h"

namespace pith {

// out (rows, C) = rows of table (V, C), those of the step's `tokens` or `next_tokens`. With
// `shared`, the table's gradient has been written before this op's turn (a tied output head) and is
// always added to.
std::unique_ptr<Op> embedding_op(Weight table, std::size_t V, bool shared, Activation* out,
                                 const int* Step::*tokens = &Step::tokens);

}  // namespace pith
