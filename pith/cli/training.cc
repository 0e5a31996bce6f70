#include "pith/cli/training.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "pith/base/units.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/train/train_config.h"

namespace pith {

void TrainingArguments::declare(Arguments& arguments) {
  arguments.duration(options_.budget_seconds, "--budget",
                     "How long to train, such as 3m or 1.5h; give this, --steps or --tokens");
  arguments.option(options_.steps, "--steps", "N", "Train for this many steps");
  arguments.otherwise("as the budget allows");
  arguments.count(options_.tokens_to_train, "--tokens", "Train on this many tokens, such as 5M");
  arguments.otherwise("as the budget allows");
  arguments.option(config_, "--config", "FILE",
                   "TOML file with sizes and rates to use instead of planned ones");
  arguments.otherwise("all are planned");
  arguments.option(prepare_.tokenizer, "--tokenizer", "FILE",
                   "The tokenizer to use, a tokenizer.json");
  arguments.otherwise("one is learned from the documents");
  arguments.option(prepare_.vocab, "--vocab", "N", "Tokens of the tokenizer to learn");
  arguments.otherwise("chosen from the amount of text");
  arguments.duration(options_.checkpoint_seconds, "--checkpoint-every",
                     "Time between checkpoints, from which a stopped training goes on");
}

Result<TrainOptions> TrainingArguments::train(std::function<void(std::string_view)> say) const {
  if ((options_.budget_seconds > 0) + (options_.steps > 0) + (options_.tokens_to_train > 0) != 1) {
    return input_error("[train] give one of --budget 3m, --steps 2000 and --tokens 5M");
  }
  TrainOptions options = options_;
  if (!config_.empty()) {
    PITH_ASSIGN(options.config, read_train_config(config_, curate_config_tables()));
  }
  options.on_plan = std::move(say);
  return options;
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
  std::printf("  parameters        %s\n", format_count(result.parameters).c_str());
  std::printf("  tokens seen       %s in %s steps\n", format_count(result.tokens).c_str(),
              format_count(static_cast<std::uint64_t>(result.steps)).c_str());
  std::printf("  time              %s, %.0f tokens/s\n", format_duration(result.seconds).c_str(),
              result.tokens_per_second);
  std::printf("  loss              %.3f nats a token\n", result.loss);
  std::printf("  held-out          %.4f bits per byte\n\n", result.bits_per_byte);
  std::printf("It writes:\n%s\n", result.sample.c_str());
}

}  // namespace pith
