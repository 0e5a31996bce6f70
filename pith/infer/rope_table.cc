#include "pith/infer/rope_table.h"

#include <cmath>

namespace pith {

RopeTable::RopeTable(std::size_t head_size, double theta, bool turn_back)
    : turn_back_(turn_back), frequencies_(head_size / 2) {
  for (std::size_t i = 0; i < frequencies_.size(); ++i) {
    frequencies_[i] = static_cast<float>(
        std::pow(theta, -2.0 * static_cast<double>(i) / static_cast<double>(head_size)));
  }
}

void RopeTable::reserve(std::size_t positions) {
  const std::size_t row = 2 * frequencies_.size();
  std::size_t position = row == 0 ? positions : table_.size() / row;
  if (position >= positions) return;
  positions = (positions + 63) / 64 * 64;
  table_.resize(positions * row);
  for (; position < positions; ++position) {
    float* cosine = table_.data() + position * row;
    for (std::size_t i = 0; i < frequencies_.size(); ++i) {
      // The angle is a float as in transformers: at far positions its rounding shows.
      const float angle = static_cast<float>(position) * frequencies_[i];
      cosine[i] = static_cast<float>(std::cos(double{angle}));
      const auto sine = static_cast<float>(std::sin(double{angle}));
      cosine[frequencies_.size() + i] = turn_back_ ? -sine : sine;
    }
  }
}

}  // namespace pith
