#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/examples.h"
#include "pith/curate/pipeline/later_stages.h"
#include "pith/curate/pipeline/work_folder.h"
#include "pith/curate/select/trained_scorer.h"

namespace pith {

// What selection knows of the documents.
struct TargetColumns {
  // (n): log-odds of being wanted; minus infinity when dropped before, or in a language of no
  // example.
  std::vector<float> scores;
  std::optional<TargetReport> report;  // empty: everything left was an example itself
  // SelectionInput::strata and shares; empty when nothing is balanced.
  std::vector<std::uint32_t> strata;
  std::vector<double> shares;
  double seconds = 0;
};

// At most so many others are learned from; which ones is settled by hash.
inline constexpr std::size_t kTargetOthers = 4000;

// Learns what the examples have in common against a sample of the documents left, by the method of
// options.config->selection, and gives every one of these its score. Documents in a language that
// no example is in get none and are not learned from either. What was found is left in the work
// folder and used when it is there already.
Result<TargetColumns> run_target_stage(const CurateOptions& options, const Examples& examples,
                                       const WorkFolder& folder, std::size_t shards,
                                       const DuplicateColumns& duplicates, const Context& context);

}  // namespace pith
