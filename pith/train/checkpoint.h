#pragma once

#include <cstdint>
#include <string>

#include "pith/base/result.h"
#include "pith/nn/adamw.h"
#include "pith/nn/transformer.h"

// Where a training stands: one safetensors file, so that weights and state belong together however
// the program ends. See docs/formats/checkpoint.md.
namespace pith {

struct CheckpointState {
  std::int64_t step = 0;    // optimizer steps done; the next batch and learning rate follow from it
  double seconds = 0;       // spent so far
  double loss_average = 0;  // running mean, for reports
  std::string job;          // of which training: a hash of its plan
};

Status save_checkpoint(const std::string& path, const CheckpointState& state,
                       Transformer& transformer, AdamW& optimizer);

// Fills transformer and optimizer. kInput when the checkpoint is of another job.
Result<CheckpointState> load_checkpoint(const std::string& path, const std::string& job,
                                        Transformer& transformer, AdamW& optimizer);

}  // namespace pith
