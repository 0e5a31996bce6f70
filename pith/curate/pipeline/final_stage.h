#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/class_examples.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/later_stages.h"
#include "pith/curate/pipeline/statistics.h"
#include "pith/curate/pipeline/target_stage.h"
#include "pith/curate/pipeline/work_folder.h"

namespace pith {

struct FinalStageResult {
  CurateStatistics statistics;  // of the stages after the first, and of what was kept
  std::uint64_t documents_kept = 0, bytes_kept = 0;
  double target_threshold = 0;            // lowest quality kept; 0 without a target
  std::vector<FormatStatistics> classes;  // of what was kept, in the order of --class
  Json topics;                            // of what was kept (topic_counts.h); null without
};

// Chooses among what is left and writes documents/ and dropped/ into the output folder, each whole
// or not at all. `target` is empty without examples, `classes` null without --class.
//
// With keep_bytes the best that fit are kept, as [selection] says, or without a target a random
// sample. With examples, what is below their own threshold (TargetReport) is dropped, but never so
// much that less than a quarter of keep_bytes is left (a model may see it four times), or without
// keep_bytes less than a tenth of all. [selection] fill goes on until keep_bytes is reached.
Result<FinalStageResult> run_final_stage(const CurateOptions& options, const WorkFolder& folder,
                                         std::size_t shards, const DuplicateColumns& duplicates,
                                         const std::optional<TargetColumns>& target,
                                         const DocumentClasses* classes, const Context& context);

}  // namespace pith
