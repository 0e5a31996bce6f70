#pragma once

#include <cstdint>
#include <vector>

#include "pith/base/result.h"
#include "pith/formats/tokens.h"
#include "pith/nn/token_batch.h"

// Documents as rows of equal length, in an order that follows from the seed.
namespace pith {

// Owns what a TokenBatch views: arrays of (B, T).
struct PackedBatch {
  int B = 0, T = 0;
  std::vector<int> tokens, targets, document_begin;
  TokenBatch view() const { return {B, T, tokens, targets, document_begin}; }
};

// In every epoch the documents follow each other in a new order, the stream is cut into rows of T
// tokens, and the rows are shuffled. A row may begin inside a document; the token after <|eos|>,
// which begins another document, is not a target. What is left at the end of the stream is not
// read in that epoch.
//
// Any batch can be had at any time, so a checkpoint needs no more than the number of the step.
// One thread at a time; the reader outlives this.
class PackedRows {
 public:
  // kInput when the documents hold fewer than T + 1 tokens.
  static Result<PackedRows> create(const TokenReader& reader, std::int64_t vocab, int T,
                                   std::uint64_t seed);

  std::uint64_t rows_per_epoch() const { return rows_; }
  // Rows [first_row, first_row + B) of all epochs one after the other.
  Status read(std::uint64_t first_row, int B, PackedBatch& batch);

 private:
  PackedRows(const TokenReader& reader, std::int64_t vocab, int T, std::uint64_t seed);
  void begin_epoch(std::uint64_t epoch);
  Status read_row(std::uint64_t row, int* tokens, int* targets, int* document_begin);

  const TokenReader* reader_;
  std::int64_t vocab_;
  int T_;
  std::uint64_t seed_, rows_;
  // Of the epoch that was read last.
  std::uint64_t epoch_ = ~0ull;
  std::vector<std::uint32_t> order_;   // documents
  std::vector<std::uint64_t> begins_;  // of order_[i] in the stream, and its end
  std::vector<std::uint32_t> row_order_;
  std::vector<int> scratch_;
};

}  // namespace pith
