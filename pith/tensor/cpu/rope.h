#pragma once

#include <cstddef>
#include <vector>

// Rotary position embedding (Su et al. 2021) in the arrangement of Llama and transformers:
// dimension i turns with dimension i + D/2, by position * theta^(-2i/D).
namespace pith {

// Cosines and sines for every position. Threads: const after construction.
class RopeAngles {
 public:
  // D is even. Angles that turn back are the same with the other sign.
  RopeAngles(std::size_t positions, std::size_t D, double theta, bool turn_back = false);
  const float* cosines(std::size_t position) const { return table_.data() + position * 2 * half_; }
  const float* sines(std::size_t position) const { return cosines(position) + half_; }
  std::size_t positions() const { return table_.size() / (2 * half_); }

 private:
  std::size_t half_;
  std::vector<float> table_;  // (positions, 2, D/2)
};

enum class RopeDirection : bool { kForward, kBackward };

// Turns the first `heads` heads of D in every row of x (rows, stride) in place; positions is
// (rows). The gradient turns back by the same angle, kBackward. Any thread.
void rope(const RopeAngles& angles, const int* positions, std::size_t rows, std::size_t heads,
          std::size_t D, RopeDirection direction, float* x, std::size_t stride);
void rope_ref(const RopeAngles& angles, const int* positions, std::size_t rows, std::size_t heads,
              std::size_t D, RopeDirection direction, float* x, std::size_t stride);

// The arrangement of DeepSeek: dimension 2 i turns with dimension 2 i + 1, by position *
// theta^(-2i/D). Turns `heads` heads of D that lie `stride` apart, all of one row. Any thread.
void rope_pairs(const RopeAngles& angles, std::size_t position, std::size_t heads,
                std::size_t stride, std::size_t D, RopeDirection direction, float* x);
void rope_pairs_ref(const RopeAngles& angles, std::size_t position, std::size_t heads,
                    std::size_t stride, std::size_t D, RopeDirection direction, float* x);

}  // namespace pith
