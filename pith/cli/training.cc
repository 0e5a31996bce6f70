#include "pith/cli/training.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "pith/base/units.h"
#include "pith/cli/budget.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/model/architecture.h"
#include "pith/train/train_config.h"

namespace pith {

void TrainingArguments::declare(Arguments& arguments) {
  arguments.option(budget_, "--budget", "BUDGET",
                   "What all of it may take: time such as 3m or 1.5h, 0.5core-h, energy such as "
                   "20kJ or 5Wh, or money such as 0.05USD; give this, --steps or --tokens");
  arguments.option(price_, "--price-per-core-hour", "PRICE",
                   "What a core costs for an hour, such as 0.04, for a budget of money");
  arguments.otherwise("none; money needs one");
  arguments.option(options_.steps, "--steps", "N", "Train for this many steps");
  arguments.otherwise("as the budget allows");
  arguments.count(options_.tokens_to_train, "--tokens", "Train on this many tokens, such as 5M");
  arguments.otherwise("as the budget allows");
  arguments.option(config_, "--config", "FILE",
                   "TOML file with sizes and rates to use instead of planned ones");
  arguments.otherwise("all are planned");
  arguments.option(architecture_, "--architecture", "NAME", "One of " + architecture_names());
  arguments.otherwise("that of --config, else " + TrainConfig().architecture_name());
  arguments.option(prepare_.tokenizer, "--tokenizer", "FILE",
                   "The tokenizer to use, a tokenizer.json");
  arguments.otherwise("one is learned from the documents");
  arguments.option(prepare_.vocab, "--vocab", "N", "Tokens of the tokenizer to learn");
  arguments.otherwise("chosen from the amount of text");
  arguments.duration(options_.checkpoint_seconds, "--checkpoint-every",
                     "Time between checkpoints, from which a stopped training goes on");
}

Result<TrainOptions> TrainingArguments::train(std::function<void(std::string_view)> say) const {
  if (!budget_.empty() + (options_.steps > 0) + (options_.tokens_to_train > 0) != 1) {
    return input_error("[train] give one of --budget 3m, --steps 2000 and --tokens 5M");
  }
  TrainOptions options = options_;
  if (!config_.empty()) {
    PITH_ASSIGN(options.config, read_train_config(config_, curate_config_tables()));
  }
  PITH_TRY(set_architecture(options.config));
  if (!budget_.empty()) {
    PITH_ASSIGN(const GivenBudget budget, parse_budget(budget_, price_));
    options.budget_seconds = budget.seconds;
    options.budget_core_seconds = budget.core_seconds;
    options.budget_joules = budget.joules;
  } else if (!price_.empty()) {
    return input_error("--price-per-core-hour is for a --budget of money, such as 0.05USD");
  }
  if (options.budget_joules > 0) {
    PITH_ASSIGN(options.energy, EnergyMeter::open());
  }
  options.on_plan = std::move(say);
  return options;
}

Status TrainingArguments::set_architecture(TrainConfig& config) const {
  if (architecture_.empty()) return {};
  if (find_architecture(architecture_) == nullptr) {
    return input_error("--architecture: there is no \"" + architecture_ + "\"; there are " +
                       architecture_names());
  }
  if (!config.architecture.empty() && config.architecture != architecture_) {
    return input_error("--architecture is " + architecture_ + ", and " + config_ + " says " +
                       config.architecture + "; leave one of them out");
  }
  config.architecture = architecture_;
  return {};
}

Json training_figures(const TrainResult& result, const TokensInfo& tokens) {
  Json json = to_json(result);
  json.set("vocab", tokens.vocab);
  json.set("epochs", static_cast<double>(result.tokens) /
                         static_cast<double>(std::max<std::uint64_t>(1, tokens.tokens)));
  json.set("corpus_tokens", tokens.tokens);
  json.set("corpus_bytes", tokens.bytes);
  json.set("heldout_bytes", tokens.heldout_bytes);
  return json;
}

void print_training(const TrainResult& result) {
  std::printf("  parameters        %s", format_count(result.parameters).c_str());
  if (result.active_parameters < result.parameters) {
    std::printf(", %s of them active for a token", format_count(result.active_parameters).c_str());
  }
  std::printf("\n");
  std::printf("  tokens seen       %s in %s steps\n", format_count(result.tokens).c_str(),
              format_count(static_cast<std::uint64_t>(result.steps)).c_str());
  std::printf("  time              %s, %.0f tokens/s\n", format_duration(result.seconds).c_str(),
              result.tokens_per_second);
  if (result.budget_seconds > 0) {
    std::printf("  budget            %s, of which %s are spent\n",
                format_duration(result.budget_seconds).c_str(),
                format_duration(result.budget_seconds_spent).c_str());
  }
  if (result.joules > 0) std::printf("  energy            %.0f J\n", result.joules);
  std::printf("  loss              %.3f nats a token\n", result.loss);
  std::printf("  held-out          %.4f bits per byte", result.bits_per_byte);
  if (result.expected_bits_per_byte > 0) {
    std::printf(" (%.2f to %.2f were expected)",
                result.expected_bits_per_byte * (1 - result.expected_within),
                result.expected_bits_per_byte * (1 + result.expected_within));
  }
  std::printf("\n\n");
  std::printf("It writes:\n%s\n", result.sample.c_str());
}

}  // namespace pith
