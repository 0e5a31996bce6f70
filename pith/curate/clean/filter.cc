#include "pith/curate/clean/filter.h"

#include "pith/curate/clean/chinese_quality.h"
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

FilterVerdict apply_filters(std::span<const std::unique_ptr<Filter>> filters,
                            const TextFeatures& features) {
  for (const auto& filter : filters) {
    if (!filter->enabled) continue;
    if (FilterVerdict verdict = filter->check(features); !verdict.keep) return verdict;
  }
  return {};
}

}  // namespace pith
