#include "pith/nn/row_gradients.h"

namespace pith {

RowGradients::RowGradients(std::size_t table_rows, std::size_t columns)
    : columns_(columns), slot_of_row_(table_rows, kNone) {}

void RowGradients::clear() {
  for (const std::uint32_t row : rows_) slot_of_row_[row] = kNone;
  rows_.clear();
  values_.clear();
}

void RowGradients::add(std::span<const std::uint32_t> rows, const float* d_out) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::int32_t& slot = slot_of_row_[rows[i]];
    if (slot == kNone) {
      slot = static_cast<std::int32_t>(rows_.size());
      rows_.push_back(rows[i]);
      values_.resize(values_.size() + columns_);
    }
    float* sum = values_.data() + static_cast<std::size_t>(slot) * columns_;
    const float* mine = d_out + i * columns_;
    for (std::size_t c = 0; c < columns_; ++c) sum[c] += mine[c];
  }
}

}  // namespace pith
