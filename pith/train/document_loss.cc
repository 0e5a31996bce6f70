#include "pith/train/document_loss.h"

#include <algorithm>
#include <utility>

#include "pith/base/check.h"

namespace pith {

DocumentLoss::DocumentLoss(Transformer& transformer, int T, int max_batch_tokens,
                           TokenLoss token_loss)
    : transformer_(transformer),
      T_(static_cast<std::size_t>(T)),
      B_(static_cast<std::size_t>(max_batch_tokens / T)),
      token_loss_(std::move(token_loss)),
      tokens_(B_ * T_),
      targets_(B_ * T_),
      document_begin_(B_ * T_) {
  PITH_CHECK(B_ > 0, "a batch of less than one row");
}

void DocumentLoss::add(std::span<const int> ids) {
  if (ids.size() < 2) return;
  const std::size_t inputs = ids.size() - 1;  // position i predicts ids[i + 1]
  const std::size_t stride = std::max<std::size_t>(1, T_ / 2);
  std::size_t counted = 0;
  for (std::size_t begin = 0; counted < inputs; begin += stride) {
    const std::size_t end = std::min(begin + T_, inputs);
    add_window(ids, begin, end, counted);
    counted = end;
  }
}

void DocumentLoss::add_window(std::span<const int> ids, std::size_t begin, std::size_t end,
                              std::size_t count_from) {
  if (column_ + (end - begin) > T_) end_row();
  const std::size_t row_start = row_ * T_;
  const int window_begin = static_cast<int>(column_);
  for (std::size_t i = begin; i < end; ++i, ++column_) {
    tokens_[row_start + column_] = ids[i];
    targets_[row_start + column_] = i >= count_from ? ids[i + 1] : -1;
    document_begin_[row_start + column_] = window_begin;
  }
  if (column_ == T_) end_row();
}

void DocumentLoss::end_row() {
  for (; column_ < T_; ++column_) {  // the rest sees itself only and is not counted
    tokens_[row_ * T_ + column_] = 0;
    targets_[row_ * T_ + column_] = -1;
    document_begin_[row_ * T_ + column_] = static_cast<int>(column_);
  }
  ++row_;
  column_ = 0;
  if (row_ == B_) run();
}

void DocumentLoss::run() {
  const std::size_t count = row_ * T_;
  const TokenBatch batch{static_cast<int>(row_), static_cast<int>(T_),
                         std::span(tokens_).first(count), std::span(targets_).first(count),
                         std::span(document_begin_).first(count)};
  const LossSum part = transformer_.loss(batch);
  sum_.nats += token_loss_ ? nats_by_token() : part.nats;
  sum_.counted += part.counted;
  row_ = 0;
}

double DocumentLoss::nats_by_token() const {
  const std::span<const float> losses = transformer_.losses();
  double nats = 0;
  for (std::size_t row = 0; row < row_; ++row) {
    const std::span<const int> tokens = std::span(tokens_).subspan(row * T_, T_);
    for (std::size_t t = 0; t < T_; ++t) {
      const std::size_t i = row * T_ + t;
      if (targets_[i] < 0) continue;
      const auto begin = static_cast<std::size_t>(document_begin_[i]);
      nats += token_loss_(tokens.subspan(begin, t + 1 - begin), targets_[i], losses[i]);
    }
  }
  return nats;
}

LossSum DocumentLoss::finish() {
  if (column_ > 0) end_row();
  if (row_ > 0) run();
  const LossSum sum = sum_;
  sum_ = {};
  return sum;
}

}  // namespace pith
