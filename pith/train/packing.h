#pragma once

#include <cstdint>
#include <span>
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

// A document's rows of T tokens are cut from it alone; what is left of it, fewer than T tokens at
// its end or its beginning, joins those of other documents in rows that hold several. A token whose
// document goes on is followed by a target, the token after <|eos|> is none. What is left of the
// last such row is not read in that epoch.
//
// In every epoch rows come in a new order: by hashes of the documents' tokens, the place in the
// document, the seed and the epoch, and not by how many other documents there are. So two corpora
// show what they share in the same order, which is what makes trainings on them comparable
// (pith/worth), and documents need not be shuffled before.
//
// Any batch can be had at any time, so a checkpoint needs no more than the number of the step.
// Memory: 8 bytes a row, about 32 a document. One thread at a time; the reader outlives this.
class PackedRows {
 public:
  // Reads all tokens once. kInput when there are fewer than T; what TokenReader::copy returns.
  // Documents of `left_out` are in no row.
  static Result<PackedRows> create(const TokenReader& reader, std::int64_t vocab, int T,
                                   std::uint64_t seed,
                                   std::span<const std::uint32_t> left_out = {});

  std::uint64_t rows_per_epoch() const { return rows_; }
  // Rows [first_row, first_row + B) of all epochs one after the other.
  Status read(std::uint64_t first_row, int B, PackedBatch& batch);

 private:
  PackedRows(const TokenReader& reader, std::int64_t vocab, int T, std::uint64_t seed,
             std::span<const std::uint32_t> left_out);
  Status hash_documents();
  void begin_epoch(std::uint64_t epoch);
  Status read_row(std::uint32_t row, int* tokens, int* targets, int* document_begin);
  // `count` tokens of a document from `begin` on, to place t of a row.
  Status read_piece(std::uint64_t document, std::uint64_t begin, std::uint64_t count, int t,
                    int* tokens, int* targets, int* document_begin);

  std::uint64_t length(std::uint64_t document) const {
    if (left_out_[static_cast<std::size_t>(document)]) return 0;
    return reader_->document_begin(document + 1) - reader_->document_begin(document);
  }
  std::uint64_t rest(std::uint64_t document) const {  // tokens of it that fill no row
    return length(document) % static_cast<std::uint64_t>(T_);
  }

  const TokenReader* reader_;
  std::vector<bool> left_out_;  // by document
  std::int64_t vocab_;
  int T_;
  std::uint64_t seed_, rows_;
  std::vector<std::uint64_t> keys_;        // (documents): hashes of their tokens, all different
  std::vector<std::uint32_t> whole_rows_;  // (documents + 1): rows of one document before each
  // Of the epoch that was read last.
  std::uint64_t epoch_ = ~0ull;
  std::vector<std::uint64_t> epoch_keys_;   // (documents)
  std::vector<std::uint32_t> rest_order_;   // documents that have a rest
  std::vector<std::uint64_t> rest_begins_;  // of each in the stream of rests, and its end
  std::vector<std::uint32_t> row_order_;    // rows of one document first, then those of rests
  std::vector<int> scratch_;
};

}  // namespace pith
