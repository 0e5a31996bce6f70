#pragma once

#include <span>

namespace pith {

// B sequences of T tokens, each packed with one or more documents. Row-major (B, T) spans.
struct TokenBatch {
  int B = 0, T = 0;
  std::span<const int> tokens;   // 0 .. V - 1
  std::span<const int> targets;  // the token that follows; -1: not counted
  // For position t of a row the first position of that row that it may attend to: where its
  // document begins, 0 <= document_begin <= t, constant within a document. RoPE counts positions
  // from there, so that a packed document sees what it would see alone. Empty: rows are one
  // document each.
  std::span<const int> document_begin;
};

}  // namespace pith
