#include "pith/nn/ops/routing.h"

#include <algorithm>

namespace pith {

Routing::Routing(const ExpertChoice& choice)
    : choice_(choice),
      begin_(choice.experts + 1),
      next_(choice.experts),
      loads_(choice.experts),
      idle_steps_(choice.experts) {}

void Routing::reserve(std::size_t rows) {
  chosen_.resize(rows * k());
  place_.resize(rows * k());
  slot_.resize(rows * k());
  often_.resize(rows * choice_.experts);  // sequences are no more than rows
}

void Routing::sort(const Step& step) {
  const std::size_t slots = step.rows() * k(), E = choice_.experts;
  std::fill_n(often_.begin(), step.B * E, 0);
  for (std::size_t place = 0; place < slots; ++place) {
    const std::size_t sequence = place / k() / step.T;
    ++often_[sequence * E + static_cast<std::size_t>(chosen_[place])];
  }
  for (std::size_t e = 0; e < E; ++e) {
    std::int64_t tokens = 0;
    for (std::size_t sequence = 0; sequence < step.B; ++sequence) {
      tokens += often_[sequence * E + e];
    }
    begin_[e + 1] = begin_[e] + static_cast<std::size_t>(tokens);
    next_[e] = begin_[e];
    if (step.gradients) loads_[e] += tokens;
  }
  for (std::size_t place = 0; place < slots; ++place) {
    const std::size_t slot = next_[static_cast<std::size_t>(chosen_[place])]++;
    place_[slot] = static_cast<std::uint32_t>(place);
    slot_[place] = static_cast<std::uint32_t>(slot);
  }
}

void Routing::begin_step() { std::fill(loads_.begin(), loads_.end(), 0); }

void Routing::end_step(float rate, float* bias) {
  std::int64_t all = 0;
  for (const std::int64_t load : loads_) all += load;
  const auto experts = static_cast<std::int64_t>(loads_.size());
  for (std::size_t e = 0; e < loads_.size(); ++e) {
    const std::int64_t above = loads_[e] * experts - all;  // times the number of experts
    bias[e] += above < 0 ? rate : above > 0 ? -rate : 0.0f;
    idle_steps_[e] = loads_[e] == 0 ? idle_steps_[e] + 1 : 0;
  }
}

}  // namespace pith
