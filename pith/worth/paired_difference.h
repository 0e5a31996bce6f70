#pragma once

#include <cstddef>
#include <span>

// What differences between trainings prove: each seed is trained with and without a stage, and what
// the seeds agree on is the stage's doing.
namespace pith {

struct PairedDifference {
  double mean = 0;
  double low = 0, high = 0;  // 95 % interval of the mean; both `mean` when there is one pair
  std::size_t pairs = 0;

  bool has_interval() const { return pairs > 1; }
  // That the interval does not hold 0: one in twenty that are nothing does so too.
  bool told_from_zero() const { return has_interval() && (low > 0 || high < 0); }
};

// Of first[i] - second[i], by Student's t over the pairs. The spans are of one length; without
// pairs all is 0.
PairedDifference paired_difference(std::span<const double> first, std::span<const double> second);

// Where 97.5 % of Student's t with so many degrees of freedom (at least 1) lies below.
double student_t_975(std::size_t degrees);

}  // namespace pith
