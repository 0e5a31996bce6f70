#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "pith/nn/row_gradients.h"
#include "pith/nn/tape.h"

namespace pith {

struct NgramTable {
  std::size_t n = 0;             // tokens that a row stands for
  std::size_t rows = 0;          // a power of two
  const float* value = nullptr;  // (rows, out width)
  RowGradients* gradients = nullptr;
};

// out (rows, C) = the sum over tables of the row that model/ngram_rows.h gives for the last n
// tokens up to here; tokens before the document begins are -1. Gradients go to the rows that were
// read.
std::unique_ptr<Op> ngram_embedding_op(std::vector<NgramTable> tables, Activation* out);

}  // namespace pith
