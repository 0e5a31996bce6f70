#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pith {

// The gradient of a table (R, C) of which a step reads few rows: those rows alone, each with the
// sum of what its readers had. Slots are given in the order in which rows are first read, and sums
// are taken in the order of readers, so the same steps give the same bits.
// Threads: one at a time.
class RowGradients {
 public:
  RowGradients(std::size_t table_rows, std::size_t columns);

  void clear();
  // Reader i read row rows[i], and its gradient is d_out[i C .. (i + 1) C).
  void add(std::span<const std::uint32_t> rows, const float* d_out);

  std::size_t columns() const { return columns_; }
  std::span<const std::uint32_t> rows() const { return rows_; }  // each once
  // Of rows()[slot]: (C).
  std::span<const float> gradient(std::size_t slot) const {
    return {values_.data() + slot * columns_, columns_};
  }

 private:
  static constexpr std::int32_t kNone = -1;
  std::size_t columns_;
  std::vector<std::int32_t> slot_of_row_;  // (R)
  std::vector<std::uint32_t> rows_;        // (slots)
  std::vector<float> values_;              // (slots, C)
};

}  // namespace pith
