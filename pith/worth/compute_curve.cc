#include "pith/worth/compute_curve.h"

#include <cmath>
#include <cstddef>

#include "pith/base/check.h"

namespace pith {

ComputeCurve::ComputeCurve(std::vector<std::pair<double, double>> points)
    : points_(std::move(points)) {}

bool ComputeCurve::usable() const {
  for (std::size_t i = 1; i < points_.size(); ++i) {
    if (!(points_[i].second < points_[i - 1].second)) return false;
  }
  return points_.size() > 1;
}

ComputeRatio ComputeCurve::worth_of(double saved_bits_per_byte) const {
  PITH_CHECK(usable(), "the loss falls with compute");
  double usual = 0;
  for (const auto& [part, loss] : points_) {
    if (part == 1) usual = loss;
  }
  const double wanted = usual + saved_bits_per_byte;
  if (wanted > points_.front().second) return {1 / points_.front().first, 1};
  if (wanted < points_.back().second) return {1 / points_.back().first, -1};
  std::size_t right = 1;
  while (points_[right].second > wanted) ++right;
  const auto& [less, higher] = points_[right - 1];
  const auto& [more, lower] = points_[right];
  const double along = (higher - wanted) / (higher - lower);
  return {1 / std::exp(std::log(less) + along * std::log(more / less)), 0};
}

}  // namespace pith
