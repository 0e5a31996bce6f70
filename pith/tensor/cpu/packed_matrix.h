#pragma once

#include <cstddef>
#include <span>

#include "pith/tensor/aligned_array.h"

// A weight matrix laid out for y = W x on one token or a few, as a served model needs it.
//
// W is (N, K). Sixteen rows make a panel, which holds them column by column: element (n, k) lies at
// panel n / 16, place k * 16 + n % 16. One vector then holds one column of a panel, a product needs
// no horizontal sums, and every output is summed in the order k = 0 .. K-1 with one rounding a
// step. So the result does not depend on how many tokens are multiplied at once, nor on how the
// panels are divided among threads: prefill and decode agree to the last bit.
namespace pith {

class PackedMatrix {
 public:
  static constexpr std::size_t kPanel = 16;

  PackedMatrix() = default;
  PackedMatrix(std::size_t rows, std::size_t columns);  // zeros

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t panels() const { return (rows_ + kPanel - 1) / kPanel; }
  const float* panel(std::size_t index) const { return data_.data() + index * kPanel * columns_; }

  // `values` is (n, K), any number of rows n: they become rows first .. first + n - 1.
  void set_rows(std::size_t first, std::span<const float> values);
  void copy_row(std::size_t row, std::span<float> out) const;  // out is (K)

 private:
  std::size_t rows_ = 0, columns_ = 0;
  AlignedFloats data_;
};

// y = x W^T for the rows of W in panels [begin, end): x is (T, K) with rows `x_stride` apart, y is
// (T, N) with rows `y_stride` apart. Only these columns of y are written. Any thread.
void multiply(const PackedMatrix& w, std::size_t begin, std::size_t end, const float* x,
              std::size_t x_stride, std::size_t tokens, float* y, std::size_t y_stride);
void multiply_ref(const PackedMatrix& w, std::size_t begin, std::size_t end, const float* x,
                  std::size_t x_stride, std::size_t tokens, float* y, std::size_t y_stride);

}  // namespace pith
