#include "pith/nn/bf16_weight.h"

#include <algorithm>

namespace pith {
namespace {

constexpr std::size_t kTaskRows = 128;            // of W
constexpr std::size_t kRows = kBf16Panel;         // of W that are rounded at a time,
constexpr std::size_t kColumns = 8 * kBf16Panel;  // and columns

}  // namespace

Bf16Weight::Bf16Weight(std::size_t out, std::size_t in)
    : out_(out),
      in_(in),
      forward_(bf16_panels(out) * bf16_panel_size(in)),
      backward_(bf16_panels(in) * bf16_panel_size(out)) {}

std::size_t Bf16Weight::tasks() const { return (out_ + kTaskRows - 1) / kTaskRows; }

void Bf16Weight::pack(std::size_t task, const float* value, bool with_backward) {
  Bfloat16 rounded[kRows * kColumns];
  const std::size_t end = std::min(out_, (task + 1) * kTaskRows);
  for (std::size_t row = task * kTaskRows; row < end; row += kRows) {
    const std::size_t rows = std::min(kRows, end - row);
    for (std::size_t column = 0; column < in_; column += kColumns) {
      const std::size_t columns = std::min(kColumns, in_ - column);
      const std::size_t ldr = bf16_row_stride(columns);
      to_bf16_rows(value + row * in_ + column, in_, rows, columns, 1, rounded);
      to_bf16_panels_transposed(
          rounded, ldr, rows, columns,
          forward_.data() + row / kBf16Panel * bf16_panel_size(in_) + column * kBf16Panel,
          bf16_panel_size(in_));
      if (!with_backward) continue;
      to_bf16_panels(
          rounded, ldr, rows, columns,
          backward_.data() + column / kBf16Panel * bf16_panel_size(out_) + row * kBf16Panel,
          bf16_panel_size(out_));
    }
  }
}

}  // namespace pith
