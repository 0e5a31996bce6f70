#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/result.h"
#include "pith/nn/parameter.h"

// Where a training stands, in a folder with the last two checkpoints: each is one safetensors file,
// so that weights and state belong together however the program ends, with a checksum over all that
// it says. See docs/formats/checkpoint.md.
namespace pith {

struct CheckpointState {
  std::int64_t step = 0;     // steps done; the next batch and learning rate follow from it
  double seconds = 0;        // spent so far
  double loss_average = 0;   // running mean of the losses of steps taken, for reports
  double loss_variance = 0;  // and their running variance (step_guard.h)
  std::int64_t skipped = 0, skipped_in_a_row = 0;  // of the steps done; the last ones
  std::string job;                                 // of which training: a hash of its plan
};

// Writes the checkpoint FOLDER/state.safetensors; the one that was there becomes
// previous.safetensors. Killed at any moment, the folder holds at least one that is whole.
Status write_checkpoint(const std::string& folder, const CheckpointState& state,
                        const std::vector<StateTensor>& tensors);

bool has_checkpoint(const std::string& folder);

// Fills `tensors` from the newest checkpoint that is whole; `warn` hears of those that are damaged.
// Errors: kFormat when none is whole; kInput when it is of another job.
Result<CheckpointState> read_checkpoint(const std::string& folder, const std::string& job,
                                        const std::vector<StateTensor>& tensors,
                                        const std::function<void(std::string_view)>& warn);

}  // namespace pith
