#pragma once

#include <utility>
#include <vector>

// How a change in loss is said in compute: by how much longer or shorter a training would have to
// be for the same change.
namespace pith {

// A multiple of the compute; beyond what was measured only which side it lies on is known.
struct ComputeRatio {
  double times = 1;
  int beyond = 0;  // 1: more than `times`; -1: less
};

// The loss of one recipe against the tokens that it is trained on, as measured.
class ComputeCurve {
 public:
  // (tokens as a part of the usual number, bits per byte), by rising tokens; one of them is at 1.
  explicit ComputeCurve(std::vector<std::pair<double, double>> points);

  // That the loss falls from each point to the next: else it says nothing about compute.
  bool usable() const;

  // What a saving of so many bits per byte at the usual tokens is worth: 1.7 when the recipe, made
  // worse by it, would be where it stands after 1 / 1.7 of the tokens. Between points the loss
  // follows a line over the logarithm of tokens. The curve must be usable.
  ComputeRatio worth_of(double saved_bits_per_byte) const;

  const std::vector<std::pair<double, double>>& points() const { return points_; }

 private:
  std::vector<std::pair<double, double>> points_;
};

}  // namespace pith
