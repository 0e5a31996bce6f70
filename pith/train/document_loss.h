#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pith/nn/transformer.h"

namespace pith {

// What a token of a document counts, in nats, given the tokens before it (those of the window that
// was read), the token itself and the network's negative log likelihood.
using TokenLoss = std::function<double(std::span<const int> before, int token, double nats)>;

// Sums the loss of whole documents. Each begins afresh; one longer than T is read in windows that
// overlap by half, every token being counted once, in the first window that holds it. Documents
// and windows share rows, so that short ones cost no more than their tokens.
//
// One thread at a time. The transformer outlives this; its gradients are not touched.
class DocumentLoss {
 public:
  // Rows of T tokens, at most `max_batch_tokens` (at least T) in one pass.
  // Without a token_loss the network's own counts.
  DocumentLoss(Transformer& transformer, int T, int max_batch_tokens, TokenLoss token_loss = {});

  // ids of one document, from <|bos|> to <|eos|>: every id but the first is counted.
  void add(std::span<const int> ids);
  LossSum finish();  // of all documents added; then starts anew

 private:
  void add_window(std::span<const int> ids, std::size_t begin, std::size_t end,
                  std::size_t count_from);
  void end_row();
  void run();
  double nats_by_token() const;  // of the rows just run

  Transformer& transformer_;
  const std::size_t T_, B_;
  const TokenLoss token_loss_;
  std::vector<int> tokens_, targets_, document_begin_;  // (B, T)
  std::size_t row_ = 0, column_ = 0;                    // where the next window goes
  LossSum sum_;
};

}  // namespace pith
