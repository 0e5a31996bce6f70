#pragma once

#include <cstdint>
#include <optional>

#include "pith/base/result.h"
#include "pith/cli/arguments.h"
#include "pith/infer/sampler.h"

namespace pith {

// How to choose tokens, as verbs that write text take it: --temperature, --top-p and so on. What is
// not given is left to the model's own defaults.
class SamplingOptions {
 public:
  void declare(Arguments& arguments);
  // Writes what was given over `options`. Errors (kInput) name the option and its range.
  Status apply(SamplerOptions& options) const;

 private:
  std::optional<double> temperature_, top_p_, min_p_, repetition_penalty_;
  std::optional<std::int64_t> top_k_;
};

}  // namespace pith
