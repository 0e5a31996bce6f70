#pragma once

#include <optional>
#include <string>

#include "pith/base/result.h"
#include "pith/formats/manifest.h"
#include "pith/train/train_plan.h"

namespace pith {

// MODEL/training/plan.json (docs/formats/training_plan.md): what a training does, and for whom.
struct PlanFile {
  TrainPlan plan;
  Manifest manifest;        // the options and inputs that it was made for
  double spent_before = 0;  // seconds of the budget, before the training first began
  bool settled = false;     // all steps are taken: no revision follows, whatever the time
};

Status write_plan_file(const PlanFile& file, const std::string& path);

// That of an earlier sitting; null when there is none. Errors: kInput when it is of other options
// or inputs than `manifest` says, naming `out`; kFormat when it is no plan.
Result<std::optional<PlanFile>> find_plan_file(const std::string& path, const Manifest& manifest,
                                               const std::string& out);

}  // namespace pith
