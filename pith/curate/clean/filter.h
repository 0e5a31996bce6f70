#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

// The rules that a document must pass to be kept. Each filter is one file, one line in
// default_filters() and one test; docs/add-a-filter.md walks through one.
namespace pith {

class FilterChecks;    // clean/filter_checks.h
class SettingVisitor;  // clean/settings.h
class TextFeatures;    // clean/text_features.h

// What a filter says. A dropped document carries the rule that it broke and what was measured.
struct FilterVerdict {
  bool keep = true;
  std::string_view reason;  // "gopher_quality.mean_word_length", static storage; empty when kept
  double value = 0;         // measured
  double threshold = 0;     // the bound that `value` broke
};

// Once its settings are made, check() may be called from any number of threads, each with features
// of its own.
class Filter {
 public:
  virtual ~Filter() = default;
  virtual std::string_view name() const = 0;   // "gopher_quality"
  virtual std::string_view about() const = 0;  // its source, in a line
  virtual void settings(SettingVisitor& visitor) = 0;
  // Filters know which languages they are made for and keep all others.
  // Stops at the first rule that `checks` has enough of (clean/filter_checks.h).
  virtual void check(const TextFeatures& features, FilterChecks& checks) const = 0;

  bool enabled = true;  // false: apply_filters() does not ask it
};

using FilterList = std::vector<std::unique_ptr<Filter>>;

// All filters with their default thresholds, in the order in which they are asked: the cheap ones
// first. The line rules of C4 rewrite text and come before these; see clean/document_cleaner.h.
FilterList default_filters();

// Asks the enabled filters in order, until `checks` has enough.
void apply_filters(std::span<const std::unique_ptr<Filter>> filters, const TextFeatures& features,
                   FilterChecks& checks);

}  // namespace pith
