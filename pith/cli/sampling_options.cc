#include "pith/cli/sampling_options.h"

#include <string>

namespace pith {
namespace {

// Takes a value from `least` to `most`, NaN being neither.
Status take(const char* option, const std::optional<double>& given, double least, double most,
            double& out) {
  if (!given) return {};
  if (*given >= least && *given <= most) {
    out = *given;
    return {};
  }
  const auto text = [](double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof(buffer), "%g", value);
    return std::string(buffer);
  };
  return input_error(std::string(option) + " must be from " + text(least) + " to " + text(most) +
                     ", not " + text(*given));
}

}  // namespace

void SamplingOptions::declare(Arguments& arguments) {
  arguments.option(
      temperature_, "--temperature", "X",
      "Below 1 likely tokens come more often, above 1 less often; 0 takes the most likely "
      "each time");
  arguments.otherwise("the model's, else 0.8");
  arguments.option(top_p_, "--top-p", "P",
                   "Choose among the fewest tokens whose probabilities add up to P; 1: all");
  arguments.otherwise("the model's, else 0.95");
  arguments.option(top_k_, "--top-k", "K", "Choose among the K likeliest tokens; 0: all");
  arguments.otherwise("the model's, else 0");
  arguments.option(min_p_, "--min-p", "P", "Drop tokens less likely than P times the likeliest");
  arguments.otherwise("0, all stay");
  arguments.option(repetition_penalty_, "--repetition-penalty", "X",
                   "Above 1: tokens seen before become less likely");
  arguments.otherwise("1, none");
}

Status SamplingOptions::apply(SamplerOptions& options) const {
  PITH_TRY(take("--temperature", temperature_, 0, 100, options.temperature));
  PITH_TRY(take("--top-p", top_p_, 1e-9, 1, options.top_p));
  PITH_TRY(take("--min-p", min_p_, 0, 1, options.min_p));
  PITH_TRY(
      take("--repetition-penalty", repetition_penalty_, 0.001, 1000, options.repetition_penalty));
  if (!top_k_) return {};
  if (*top_k_ < 0 || *top_k_ > 1'000'000'000) {
    return input_error("--top-k must be 0 (all) or a number of tokens, not " +
                       std::to_string(*top_k_));
  }
  options.top_k = static_cast<int>(*top_k_);
  return {};
}

}  // namespace pith
