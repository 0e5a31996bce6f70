#include "pith/train/packing.h"

#include <algorithm>
#include <numeric>

#include "pith/base/random.h"

namespace pith {
namespace {

// Fisher and Yates.
void shuffle(std::vector<std::uint32_t>& items, Random random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[static_cast<std::size_t>(random.below(i))]);
  }
}

}  // namespace

PackedRows::PackedRows(const TokenReader& reader, std::int64_t vocab, int T, std::uint64_t seed)
    : reader_(&reader),
      vocab_(vocab),
      T_(T),
      seed_(seed),
      rows_(reader.tokens() / static_cast<std::uint64_t>(T)) {}

Result<PackedRows> PackedRows::create(const TokenReader& reader, std::int64_t vocab, int T,
                                      std::uint64_t seed) {
  if (reader.tokens() < static_cast<std::uint64_t>(T)) {
    return input_error("[train] the documents have " + std::to_string(reader.tokens()) +
                       " tokens, fewer than one context of " + std::to_string(T) +
                       "; give more text, or a shorter context_length");
  }
  return PackedRows(reader, vocab, T, seed);
}

void PackedRows::begin_epoch(std::uint64_t epoch) {
  epoch_ = epoch;
  order_.resize(reader_->documents());
  std::iota(order_.begin(), order_.end(), 0u);
  shuffle(order_, Random(seed_, "documents", epoch));
  begins_.assign(1, 0);
  for (const std::uint32_t document : order_) {
    begins_.push_back(begins_.back() + reader_->document_begin(document + 1) -
                      reader_->document_begin(document));
  }
  row_order_.resize(rows_);
  std::iota(row_order_.begin(), row_order_.end(), 0u);
  shuffle(row_order_, Random(seed_, "rows", epoch));
}

Status PackedRows::read(std::uint64_t first_row, int B, PackedBatch& batch) {
  const auto T = static_cast<std::size_t>(T_);
  batch.B = B;
  batch.T = T_;
  for (std::vector<int>* array : {&batch.tokens, &batch.targets, &batch.document_begin}) {
    array->resize(static_cast<std::size_t>(B) * T);
  }
  for (std::size_t b = 0; b < static_cast<std::size_t>(B); ++b) {
    const std::uint64_t row = first_row + b;
    if (row / rows_ != epoch_) begin_epoch(row / rows_);
    PITH_TRY(read_row(row_order_[static_cast<std::size_t>(row % rows_)], &batch.tokens[b * T],
                      &batch.targets[b * T], &batch.document_begin[b * T]));
  }
  return {};
}

Status PackedRows::read_row(std::uint64_t row, int* tokens, int* targets, int* document_begin) {
  const std::uint64_t begin = row * static_cast<std::uint64_t>(T_);
  auto place = static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), begin) -
                                        begins_.begin() - 1);
  for (int t = 0; t < T_; ++place) {
    const std::uint64_t at = begin + static_cast<std::uint64_t>(t);
    const std::uint64_t left = begins_[place + 1] - at;  // of this document
    if (left == 0) continue;
    const int take = static_cast<int>(std::min(left, static_cast<std::uint64_t>(T_ - t)));
    const bool goes_on = left > static_cast<std::uint64_t>(take);
    scratch_.resize(static_cast<std::size_t>(take) + (goes_on ? 1 : 0));
    PITH_TRY(reader_->copy(reader_->document_begin(order_[place]) + (at - begins_[place]), scratch_,
                           vocab_));
    for (int i = 0; i < take; ++i) {
      const auto next = static_cast<std::size_t>(i) + 1;
      tokens[t + i] = scratch_[next - 1];
      targets[t + i] = next < scratch_.size() ? scratch_[next] : -1;
      document_begin[t + i] = t;
    }
    t += take;
  }
  return {};
}

}  // namespace pith
