#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/nn/transformer.h"

// What is said of the experts of a training: whether all of them work.
namespace pith {

struct ExpertReport {
  double max_load = 0;    // of the busiest expert of any layer, times the mean of its layer
  std::int64_t idle = 0;  // experts of all layers that got no token in the step
};

ExpertReport report_experts(std::span<const ExpertLoad> loads);

// Tokens of every expert, an array for each layer with experts.
Json expert_loads_json(std::span<const ExpertLoad> loads);

// An alarm for every expert that has just been without a token for kIdleStepsToWarn steps in a row.
inline constexpr std::int64_t kIdleStepsToWarn = 100;
std::vector<std::string> idle_warnings(std::span<const ExpertLoad> loads);

}  // namespace pith
