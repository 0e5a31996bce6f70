#include "pith/train/expert_report.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace pith {

ExpertReport report_experts(std::span<const ExpertLoad> loads) {
  ExpertReport report;
  for (const ExpertLoad& layer : loads) {
    const std::int64_t all =
        std::accumulate(layer.tokens.begin(), layer.tokens.end(), std::int64_t{0});
    if (all == 0) continue;
    const double mean = static_cast<double>(all) / static_cast<double>(layer.tokens.size());
    const std::int64_t most = *std::max_element(layer.tokens.begin(), layer.tokens.end());
    report.max_load = std::max(report.max_load, static_cast<double>(most) / mean);
    report.idle += std::count(layer.tokens.begin(), layer.tokens.end(), 0);
  }
  return report;
}

Json expert_loads_json(std::span<const ExpertLoad> loads) {
  Json layers = Json::array();
  for (const ExpertLoad& layer : loads) {
    Json tokens = Json::array();
    for (const std::int64_t load : layer.tokens) tokens.push_back(load);
    layers.push_back(std::move(tokens));
  }
  return layers;
}

std::vector<std::string> idle_warnings(std::span<const ExpertLoad> loads) {
  std::vector<std::string> warnings;
  for (const ExpertLoad& layer : loads) {
    for (std::size_t e = 0; e < layer.idle_steps.size(); ++e) {
      if (layer.idle_steps[e] != kIdleStepsToWarn) continue;
      warnings.push_back("[train] expert " + std::to_string(e) + " of layer " +
                         std::to_string(layer.layer) + " got no token for " +
                         std::to_string(kIdleStepsToWarn) +
                         " steps: its weights are of no use; give fewer n_routed_experts, or a "
                         "larger router_bias_rate in --config");
    }
  }
  return warnings;
}

}  // namespace pith
