#include "pith/worth/paired_difference.h"

#include <array>
#include <cmath>

#include "pith/base/check.h"

namespace pith {

double student_t_975(std::size_t degrees) {
  PITH_CHECK(degrees >= 1, "one pair has no interval");
  constexpr std::array kTable = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060,
                                 2.2622,  2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314};
  if (degrees <= kTable.size()) return kTable[degrees - 1];
  // The first terms of the expansion in 1 / degrees around the normal quantile (Fisher, Cornish
  // 1960): right to 1e-4 from 16 on.
  const double z = 1.959964, n = static_cast<double>(degrees);
  return z + (z * z * z + z) / (4 * n) +
         (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * n * n) +
         (3 * std::pow(z, 7) + 19 * std::pow(z, 5) + 17 * z * z * z - 15 * z) / (384 * n * n * n);
}

PairedDifference paired_difference(std::span<const double> first, std::span<const double> second) {
  PITH_CHECK(first.size() == second.size(), "every seed has both");
  PairedDifference result;
  result.pairs = first.size();
  if (first.empty()) return result;
  const auto n = static_cast<double>(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) result.mean += (first[i] - second[i]) / n;
  result.low = result.high = result.mean;
  if (!result.has_interval()) return result;
  double squares = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double off = first[i] - second[i] - result.mean;
    squares += off * off;
  }
  const double half = student_t_975(first.size() - 1) * std::sqrt(squares / (n - 1)) / std::sqrt(n);
  result.low -= half;
  result.high += half;
  return result;
}

}  // namespace pith
