#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pith/nn/transformer.h"

namespace pith {

// Sums the loss of whole documents. Each begins afresh; one longer than T is read in windows that
// overlap by half, every token being counted once, in the first window that holds it. Documents
// and windows share rows, so that short ones cost no more than their tokens.
//
// One thread at a time. The transformer outlives this; its gradients are not touched.
class DocumentLoss {
 public:
  // Rows of T tokens, at most `max_batch_tokens` (at least T) in one pass.
  DocumentLoss(Transformer& transformer, int T, int max_batch_tokens);

  // ids of one document, from <|bos|> to <|eos|>: every id but the first is counted.
  void add(std::span<const int> ids);
  LossSum finish();  // of all documents added; then starts anew

 private:
  void add_window(std::span<const int> ids, std::size_t begin, std::size_t end,
                  std::size_t count_from);
  void end_row();
  void run();

  Transformer& transformer_;
  const std::size_t T_, B_;
  std::vector<int> tokens_, targets_, document_begin_;  // (B, T)
  std::size_t row_ = 0, column_ = 0;                    // where the next window goes
  LossSum sum_;
};

}  // namespace pith
