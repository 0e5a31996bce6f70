#pragma once

#include <cstddef>
#include <vector>

// Rotary position embedding (Su et al. 2021) in the arrangement of Llama and transformers:
// dimension i turns with dimension i + D/2, by position * theta^(-2i/D).
namespace pith {

class RopeTable {
 public:
  // head_size is even. With turn_back heads turn by minus the angle.
  RopeTable(std::size_t head_size, double theta, bool turn_back = false);

  void reserve(std::size_t positions);
  // Rotates `head` (D) in place; position < the positions reserved.
  void rotate(std::size_t position, float* head) const {
    const std::size_t half = frequencies_.size();
    const float* cosine = table_.data() + position * 2 * half;
    const float* sine = cosine + half;
    for (std::size_t i = 0; i < half; ++i) {
      const float a = head[i], b = head[i + half];
      head[i] = a * cosine[i] - b * sine[i];
      head[i + half] = b * cosine[i] + a * sine[i];
    }
  }
  // The arrangement of DeepSeek: dimension 2 i turns with dimension 2 i + 1.
  void rotate_pairs(std::size_t position, float* head) const {
    const std::size_t half = frequencies_.size();
    const float* cosine = table_.data() + position * 2 * half;
    const float* sine = cosine + half;
    for (std::size_t i = 0; i < half; ++i) {
      const float a = head[2 * i], b = head[2 * i + 1];
      head[2 * i] = a * cosine[i] - b * sine[i];
      head[2 * i + 1] = b * cosine[i] + a * sine[i];
    }
  }

 private:
  bool turn_back_;
  std::vector<float> frequencies_;  // (D/2), radians per position
  std::vector<float> table_;        // (positions, 2, D/2): cosines, sines
};

}  // namespace pith
