#pragma once

#include <cstddef>
#include <cstdint>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/decontaminate/evaluation_sets.h"
#include "pith/curate/ingest/reader.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/statistics.h"
#include "pith/curate/pipeline/work_folder.h"

namespace pith {

struct FirstStageResult {
  std::size_t shards = 0;
  CurateStatistics statistics;
  double seconds = 0;  // sittings before included
};

// How the inputs, and the examples, are read.
IngestOptions ingest_options(const CurateOptions& options);

// Reads the inputs and makes documents of them, into the work folder's shards. A reader thread
// takes records in order, context.threads workers make documents, the caller writes in order; what
// is between them is bounded. Shards that are there already are kept and the reader goes on behind
// them. `evaluation` may be null.
Result<FirstStageResult> run_first_stage(const CurateOptions& options,
                                         const EvaluationSets* evaluation, const WorkFolder& folder,
                                         const Context& context);

}  // namespace pith
