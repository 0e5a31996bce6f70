#include "pith/train/step_guard.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace pith {
namespace {

constexpr double kDecay = 0.98;  // of the running mean and variance
constexpr std::int64_t kStepsBefore = 100;
constexpr double kDeviations = 6, kShare = 0.2;
constexpr double kStrangeRow = 6;  // nats a token above the others

}  // namespace

std::string reason_to_skip(const CheckpointState& state, double loss, int rows) {
  if (!std::isfinite(loss)) return "the loss is not finite";
  if (state.step - state.skipped < kStepsBefore) return "";
  const double above = loss - state.loss_average;
  const double bound = std::max({kDeviations * std::sqrt(state.loss_variance),
                                 kShare * state.loss_average, kStrangeRow / rows});
  if (above <= bound) return "";
  char text[96];
  std::snprintf(text, sizeof(text), "its loss is %.4g, that of the steps before it was %.4g", loss,
                state.loss_average);
  return text;
}

void count_taken(CheckpointState& state, double loss) {
  const auto taken = static_cast<double>(state.step - state.skipped);
  const double decay = std::min(kDecay, taken / (taken + 1));
  const double difference = loss - state.loss_average;  // from the mean before it
  state.loss_average = decay * state.loss_average + (1 - decay) * loss;
  state.loss_variance = decay * (state.loss_variance + (1 - decay) * difference * difference);
  state.skipped_in_a_row = 0;
  ++state.step;
}

void count_skipped(CheckpointState& state) {
  ++state.skipped;
  ++state.skipped_in_a_row;
  ++state.step;
}

}  // namespace pith
