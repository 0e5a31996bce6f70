#include "pith/curate/clean/filter.h"

#include "pith/curate/clean/chinese_quality.h"
#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/clean/fineweb.h"
#include "pith/curate/clean/gopher_quality.h"
#include "pith/curate/clean/gopher_repetition.h"

namespace pith {

FilterList default_filters() {
  FilterList filters;
  filters.push_back(make_gopher_quality());
  filters.push_back(make_chinese_quality());
  filters.push_back(make_gopher_repetition());
  filters.push_back(make_fineweb());
  return filters;
}

void apply_filters(std::span<const std::unique_ptr<Filter>> filters, const TextFeatures& features,
                   FilterChecks& checks) {
  for (const auto& filter : filters) {
    if (!filter->enabled) continue;
    filter->check(features, checks);
    if (!checks.verdict().keep && !checks.explains()) return;
  }
}

}  // namespace pith
