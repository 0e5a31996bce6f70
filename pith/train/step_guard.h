#pragma once

#include <string>

#include "pith/train/checkpoint.h"

// Which steps of a training are not taken: those whose loss or gradient is not finite, and those
// whose loss is far out of line with the losses before. What it goes by is in the checkpoint, so
// that a training that goes on skips the same steps.
namespace pith {

constexpr int kMostSkippedInARow = 10;  // then the training stops: it does not come back by itself

// Why a step of so many rows with this loss is not taken, for people: "the loss is not finite"; ""
// when it is. A spike is more than six deviations and a fifth above the running mean, and more than
// a row of a kind that was hardly seen before makes (another language, say: six nats a token), once
// a hundred steps are taken.
std::string reason_to_skip(const CheckpointState& state, double loss, int rows);

// Count a step, one way or the other.
void count_taken(CheckpointState& state, double loss);
void count_skipped(CheckpointState& state);

}  // namespace pith
