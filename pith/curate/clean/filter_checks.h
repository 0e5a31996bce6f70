#pragma once

#include <string_view>

#include "pith/curate/clean/filter.h"

// Two comparisons that fill a verdict: for the filters' .cc files.
namespace pith {

// Drops when `value` is above (below) `threshold`; true when it did.
inline bool drops_above(double value, double threshold, std::string_view reason,
                        FilterVerdict& verdict) {
  if (!(value > threshold)) return false;
  verdict = {false, reason, value, threshold};
  return true;
}
inline bool drops_below(double value, double threshold, std::string_view reason,
                        FilterVerdict& verdict) {
  if (!(value < threshold)) return false;
  verdict = {false, reason, value, threshold};
  return true;
}

// part / whole, 0 when there is no whole.
inline double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace pith
