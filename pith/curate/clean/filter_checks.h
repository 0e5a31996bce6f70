#pragma once

#include <string_view>
#include <vector>

#include "pith/curate/clean/filter.h"

// The comparisons of which rules are made.
namespace pith {

// What a rule measured, and its bound.
struct Measure {
  std::string_view rule;  // "gopher_quality.mean_word_length", static storage
  double value = 0, bound = 0;
  bool at_most = true;  // the bound: the value may be no more; else no less
  bool broken() const { return at_most ? value > bound : value < bound; }
};

// Collects what filters say of one document: what each rule measures up to the first that it
// breaks, or, to explain, every rule.
class FilterChecks {
 public:
  // Measures are appended to `measures` when given.
  explicit FilterChecks(std::vector<Measure>* measures = nullptr, bool explains = true)
      : measures_(measures), explains_(explains && measures != nullptr) {}

  // Drops the document when `value` is above (below) `bound`. True when nothing more is to be
  // asked, so that a filter may write its rules as above(...) || below(...) || ...
  bool above(double value, double bound, std::string_view rule) {
    return take({rule, value, bound, true});
  }
  bool below(double value, double bound, std::string_view rule) {
    return take({rule, value, bound, false});
  }

  const FilterVerdict& verdict() const { return verdict_; }
  bool explains() const { return explains_; }

 private:
  bool take(const Measure& measure) {
    if (measures_ != nullptr) measures_->push_back(measure);
    if (!measure.broken()) return false;
    if (verdict_.keep) verdict_ = {false, measure.rule, measure.value, measure.bound};
    return !explains_;
  }

  std::vector<Measure>* const measures_;
  const bool explains_;
  FilterVerdict verdict_;
};

// part / whole, 0 when there is no whole.
inline double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace pith
