#include "pith/train/plan.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "pith/base/random.h"
#include "pith/base/units.h"
#include "pith/model/parameters.h"
#include "pith/nn/adamw.h"
#include "pith/nn/transformer.h"
#include "pith/train/scaling.h"

namespace pith {
namespace {

constexpr std::int64_t kTokensAtOnce = 4096;  // of one pass; activations take memory for them
constexpr double kBudgetForSteps = 0.90;      // the rest: measuring, evaluations, files
constexpr double kGuessedFlops = 60e9;        // a second, before anything was measured
constexpr double kGuessedTokensPerSecond = 50e3;
constexpr std::int64_t kDefaultT = 256;

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::int64_t context_length(const TrainConfig& config) {
  return config.context_length > 0 ? config.context_length : kDefaultT;
}

// For a number of steps, whatever it is.
std::int64_t default_batch_tokens(const TrainConfig& config) {
  const std::int64_t T = context_length(config);
  return config.batch_tokens > 0 ? config.batch_tokens : std::max<std::int64_t>(T, 2048 / T * T);
}

// Fills what follows from the number of tokens a step.
void set_batch(std::int64_t batch_tokens, const TrainConfig& config, TrainPlan& plan) {
  plan.B = static_cast<int>(batch_tokens / plan.T);
  plan.rows_at_once =
      std::min(plan.B, static_cast<int>(std::max<std::int64_t>(1, kTokensAtOnce / plan.T)));
  while (plan.B % plan.rows_at_once != 0) --plan.rows_at_once;
  plan.learning_rate = config.learning_rate > 0
                           ? config.learning_rate
                           : chosen_learning_rate(plan.model.hidden_size, batch_tokens);
  plan.final_learning_rate = plan.learning_rate * config.final_learning_rate;
}

// The plan for a size, all but its number of steps.
Result<TrainPlan> plan_for_size(const ModelSize& size, const TrainConfig& config,
                                const TokensInfo& tokens, const Tokenizer& tokenizer,
                                std::int64_t batch_tokens, std::uint64_t seed) {
  TrainPlan plan;
  ModelConfig& model = plan.model;
  const auto given = [](std::int64_t value, std::int64_t otherwise) {
    return static_cast<int>(value > 0 ? value : otherwise);
  };
  model.vocab_size = static_cast<int>(tokens.vocab);
  model.hidden_size = given(config.hidden_size, size.hidden_size);
  model.layers = given(config.layers, size.layers);
  const bool size_fits = model.hidden_size == size.hidden_size;
  model.heads = given(config.heads,
                      size_fits ? size.heads : std::max<std::int64_t>(1, model.hidden_size / 64));
  model.kv_heads = given(config.key_value_heads, model.heads);
  model.intermediate_size =
      given(config.intermediate_size,
            size_fits ? size.intermediate_size : (model.hidden_size * 8 / 3 + 31) / 32 * 32);
  if (model.hidden_size % model.heads != 0) {
    return input_error("[train] hidden_size " + std::to_string(model.hidden_size) +
                       " is no multiple of heads " + std::to_string(model.heads));
  }
  model.head_size = model.hidden_size / model.heads;
  plan.T = static_cast<int>(context_length(config));
  model.context = plan.T;
  model.tie_embeddings = config.tie_embeddings.value_or(true);
  model.bos_token_id = *tokenizer.bos_id();
  model.eos_token_id = *tokenizer.eos_id();
  model.pad_token_id = tokenizer.pad_id().value_or(-1);
  if (const Status valid = validate(model); !valid) {
    return input_error("[train] the model cannot be: " + valid.error().message);
  }

  if (batch_tokens % plan.T != 0) {
    return input_error("[train] batch_tokens " + std::to_string(batch_tokens) +
                       " is no multiple of context_length " + std::to_string(plan.T));
  }
  set_batch(batch_tokens, config, plan);
  plan.seed = seed;
  plan.weight_decay = config.weight_decay;
  plan.clip = config.clip;
  plan.beta1 = config.beta1;
  plan.beta2 = config.beta2;
  return plan;
}

void set_steps(std::int64_t steps, const TrainConfig& config, const TokensInfo& tokens,
               TrainPlan& plan) {
  plan.steps = steps;
  plan.warmup_steps = static_cast<std::int64_t>(config.warmup * static_cast<double>(steps));
  plan.log_every = std::max<std::int64_t>(1, steps / 1000);
  plan.evaluate_every = std::max<std::int64_t>(1, (steps + 9) / 10);
  plan.sample_every = std::max<std::int64_t>(1, (steps + 4) / 5);
  const auto trained = static_cast<std::uint64_t>(steps * plan.batch_tokens());
  plan.heldout_tokens =
      std::min(tokens.heldout_tokens, std::max<std::uint64_t>(trained / 12, 16384));
  plan.glimpse_tokens = std::min(plan.heldout_tokens, std::max<std::uint64_t>(trained / 400, 4096));
  plan.expected_bits_per_byte = expected_bits_per_byte(
      flops_per_token(plan.model, 0) / 6,
      worth_of_tokens(static_cast<double>(trained), static_cast<double>(tokens.tokens)),
      tokens.unigram_bits_per_byte);
}

// Resident memory of training, roughly: weights, gradients and moments, and what a pass keeps.
double memory_bytes(const TrainPlan& plan) {
  return 4 * 4.0 * static_cast<double>(count_parameters(plan.model)) +
         pass_bytes(plan.model, std::int64_t{plan.rows_at_once} * plan.T) + 64e6;
}

// Seconds of one step, the best of a few after one to warm up, in about `seconds` of time.
Result<double> measure_step(const TrainPlan& plan, double seconds, const Context& context) {
  const auto begin = Clock::now();
  const int pass_tokens = plan.rows_at_once * plan.T;
  PITH_ASSIGN(auto transformer, Transformer::create(plan.model, {.max_batch_tokens = pass_tokens,
                                                                 .max_sequence = plan.T,
                                                                 .threads = context.threads}));
  transformer->initialize(0);
  AdamW optimizer(transformer->parameters(), {}, context.threads);
  Random random(1);
  std::vector<int> tokens(static_cast<std::size_t>(pass_tokens));
  for (int& id : tokens) {
    id = static_cast<int>(random.below(static_cast<std::uint64_t>(plan.model.vocab_size)));
  }
  const TokenBatch batch{plan.rows_at_once, plan.T, tokens, tokens, {}};
  double best = 0;
  for (int round = 0; round < 8; ++round) {
    if (context.stopped()) return Error{ErrorKind::kInterrupted, "[train] stopped while planning"};
    const auto pass_begin = Clock::now();
    transformer->zero_gradients();
    transformer->loss_and_gradients(batch);
    const double pass = seconds_since(pass_begin);
    optimizer.step(1e-3);
    const double update = seconds_since(pass_begin) - pass;
    const double step = pass * plan.B / plan.rows_at_once + update;
    if (round < 2 || step < best) best = step;  // the first warms up
    if (round > 0 && seconds_since(begin) > seconds) break;
  }
  return best;
}

// Chooses among sizes for a number of seconds, measuring those that come into question.
class BudgetPlanner {
 public:
  BudgetPlanner(const TrainOptions& options, const TokensInfo& tokens, const Tokenizer& tokenizer,
                const Context& context)
      : options_(options), tokens_(tokens), tokenizer_(tokenizer), context_(context) {}

  Result<TrainPlan> plan() {
    const auto begin = Clock::now();
    for (const ModelSize& size : model_sizes()) {
      PITH_ASSIGN(TrainPlan candidate,
                  plan_for_size(size, options_.config, tokens_, tokenizer_,
                                default_batch_tokens(options_.config), context_.seed));
      const bool too_large = context_.memory_bytes > 0 &&
                             memory_bytes(candidate) > static_cast<double>(context_.memory_bytes);
      if (too_large && !candidates_.empty()) break;
      if (too_large) {
        return capacity_error("[train] the smallest model needs about " +
                              format_size(static_cast<std::uint64_t>(memory_bytes(candidate))) +
                              " of memory; give --memory more");
      }
      const bool new_size = candidates_.empty() || candidate.model != candidates_.back().model;
      if (new_size) candidates_.push_back(candidate);
    }
    choose_batches();
    const double each = std::clamp(options_.budget_seconds * 0.012, 0.02, 5.0);
    for (std::size_t round = 0; round < 4; ++round) {
      const std::size_t best = choose();
      if (step_seconds_.contains(best)) break;
      PITH_ASSIGN(const double seconds, measure_step(candidates_[best], each, context_));
      step_seconds_[best] = seconds;
      flops_per_second_ = flops(best) / seconds;
      choose_batches();
    }
    std::size_t best = choose();
    if (!step_seconds_.contains(best)) best = step_seconds_.begin()->first;
    const double left = options_.budget_seconds * kBudgetForSteps - seconds_since(begin);
    const double step = step_seconds_[best];
    const auto steps = static_cast<std::int64_t>(left / step);
    if (steps < 1) {
      const double needed = (seconds_since(begin) + 20 * step) / kBudgetForSteps;
      return input_error("[train] --budget " + format_seconds(options_.budget_seconds) +
                         " is too short: one step takes " + format_seconds(step) +
                         " here, measuring it included there is no time for one; give at least " +
                         format_seconds(std::ceil(needed)));
    }
    TrainPlan plan = candidates_[best];
    set_steps(steps, options_.config, tokens_, plan);
    plan.expected_seconds = static_cast<double>(steps) * step;
    return plan;
  }

 private:
  static std::string format_seconds(double seconds) {
    if (seconds < 1) return std::to_string(static_cast<int>(std::ceil(seconds * 1000))) + " ms";
    return format_duration(seconds);
  }

  // Of a step. Small models reach less of the machine's speed, which the sizes near the best one
  // measured do not differ in much.
  double flops(std::size_t i) const {
    return flops_per_token(candidates_[i].model, candidates_[i].T / 2.0) *
           static_cast<double>(candidates_[i].batch_tokens());
  }

  // For as many tokens as there is time for; what was measured stays.
  void choose_batches() {
    if (options_.config.batch_tokens > 0) return;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (step_seconds_.contains(i)) continue;
      TrainPlan& plan = candidates_[i];
      const double token_seconds = flops_per_token(plan.model, plan.T / 2.0) / flops_per_second_;
      const double tokens = options_.budget_seconds * kBudgetForSteps / token_seconds;
      set_batch(chosen_batch_tokens(tokens, plan.T), options_.config, plan);
    }
  }

  std::size_t choose() const {
    std::size_t best = 0;
    double best_loss = 1e9;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const auto measured = step_seconds_.find(i);
      const double step =
          measured != step_seconds_.end() ? measured->second : flops(i) / flops_per_second_;
      const auto steps =
          static_cast<std::int64_t>(options_.budget_seconds * kBudgetForSteps / step);
      if (steps < 20 && i > 0) break;
      TrainPlan plan = candidates_[i];
      set_steps(std::max<std::int64_t>(1, steps), options_.config, tokens_, plan);
      if (plan.expected_bits_per_byte < best_loss) {
        best_loss = plan.expected_bits_per_byte;
        best = i;
      }
    }
    return best;
  }

  const TrainOptions& options_;
  const TokensInfo& tokens_;
  const Tokenizer& tokenizer_;
  const Context& context_;
  std::vector<TrainPlan> candidates_;
  std::map<std::size_t, double> step_seconds_;  // measured
  double flops_per_second_ = kGuessedFlops;
};

// The size that is expected to do best per compute on so many tokens: about 20 a weight
// (Hoffmann et al. 2022).
const ModelSize& size_for_tokens(double tokens, std::int64_t vocab) {
  const auto sizes = model_sizes();
  std::size_t best = 0;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (multiplying_weights(sizes[i], vocab) * 20 <= tokens) best = i;
  }
  return sizes[best];
}

}  // namespace

double TrainPlan::learning_rate_at(std::int64_t step) const {
  if (step < warmup_steps) {
    return learning_rate * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  }
  const double rest = static_cast<double>(std::max<std::int64_t>(1, steps - warmup_steps));
  const double part = static_cast<double>(step - warmup_steps + 1) / rest;
  return learning_rate + (final_learning_rate - learning_rate) * part;
}

std::uint64_t guessed_tokens(const TrainOptions& options) {
  if (options.tokens_to_train > 0) return options.tokens_to_train;
  if (options.steps > 0) {
    return static_cast<std::uint64_t>(options.steps * default_batch_tokens(options.config));
  }
  return static_cast<std::uint64_t>(options.budget_seconds * kGuessedTokensPerSecond);
}

double pass_bytes(const ModelConfig& model, std::int64_t tokens) {
  const double kept_per_token =
      2.0 * model.vocab_size +
      model.layers * (12.0 * model.hidden_size + 5.0 * model.intermediate_size);
  return 4 * static_cast<double>(tokens) * kept_per_token;
}

Result<TrainPlan> make_plan(const TrainOptions& options, const TokensInfo& tokens,
                            const Tokenizer& tokenizer, const Context& context) {
  const int given =
      (options.budget_seconds > 0) + (options.steps > 0) + (options.tokens_to_train > 0);
  if (given != 1 || options.budget_seconds < 0 || options.steps < 0) {
    return input_error("[train] give one of --budget, --steps and --tokens, and more than zero");
  }
  if (!tokenizer.bos_id() || !tokenizer.eos_id()) {
    return input_error("[train] " + options.tokens +
                       ": its tokenizer has no tokens that begin and end a document");
  }
  if (options.budget_seconds > 0) {
    TrainOptions left = options;
    left.budget_seconds -= options.budget_spent;
    if (left.budget_seconds <= 0) {
      return input_error("[train] --budget " + format_duration(options.budget_seconds) +
                         " is spent: the documents alone took " +
                         format_duration(options.budget_spent) + "; give more");
    }
    return BudgetPlanner(left, tokens, tokenizer, context).plan();
  }
  std::int64_t batch_tokens = default_batch_tokens(options.config);
  auto wanted = static_cast<double>(options.tokens_to_train);
  if (options.steps > 0) {
    wanted = static_cast<double>(options.steps) * static_cast<double>(batch_tokens);
  } else if (options.config.batch_tokens == 0) {
    batch_tokens = chosen_batch_tokens(wanted, context_length(options.config));
  }
  PITH_ASSIGN(TrainPlan plan, plan_for_size(size_for_tokens(wanted, tokens.vocab), options.config,
                                            tokens, tokenizer, batch_tokens, context.seed));
  const std::int64_t steps =
      options.steps > 0
          ? options.steps
          : static_cast<std::int64_t>(std::ceil(wanted / static_cast<double>(plan.batch_tokens())));
  set_steps(std::max<std::int64_t>(1, steps), options.config, tokens, plan);
  if (context.memory_bytes > 0 && memory_bytes(plan) > static_cast<double>(context.memory_bytes)) {
    return capacity_error(
        "[train] this model and batch need about " +
        format_size(static_cast<std::uint64_t>(memory_bytes(plan))) +
        " of memory; give --memory more, or a smaller model or batch_tokens in --config");
  }
  return plan;
}

Json to_json(const TrainPlan& plan) {
  Json json = Json::object();
  json.set("model", to_json(plan.model));
  json.set("context_length", plan.T);
  json.set("rows", plan.B);
  json.set("rows_at_once", plan.rows_at_once);
  json.set("steps", plan.steps);
  json.set("seed", plan.seed);
  json.set("learning_rate", plan.learning_rate);
  json.set("final_learning_rate", plan.final_learning_rate);
  json.set("warmup_steps", plan.warmup_steps);
  json.set("weight_decay", plan.weight_decay);
  json.set("clip", plan.clip);
  json.set("beta1", plan.beta1);
  json.set("beta2", plan.beta2);
  json.set("log_every", plan.log_every);
  json.set("evaluate_every", plan.evaluate_every);
  json.set("sample_every", plan.sample_every);
  json.set("glimpse_tokens", plan.glimpse_tokens);
  json.set("heldout_tokens", plan.heldout_tokens);
  json.set("expected_bits_per_byte", plan.expected_bits_per_byte);
  json.set("expected_seconds", plan.expected_seconds);
  return json;
}

Result<TrainPlan> parse_plan(const Json& json, const std::string& name) {
  TrainPlan plan;
  PITH_ASSIGN(plan.model, parse_model_config(json["model"], name));
  const auto integer = [&](const char* key) { return json[key].as_int(); };
  plan.T = static_cast<int>(integer("context_length"));
  plan.B = static_cast<int>(integer("rows"));
  plan.rows_at_once = static_cast<int>(integer("rows_at_once"));
  plan.steps = integer("steps");
  plan.seed = static_cast<std::uint64_t>(integer("seed"));
  plan.learning_rate = json["learning_rate"].as_double();
  plan.final_learning_rate = json["final_learning_rate"].as_double();
  plan.warmup_steps = integer("warmup_steps");
  plan.weight_decay = json["weight_decay"].as_double();
  plan.clip = json["clip"].as_double();
  plan.beta1 = json["beta1"].as_double();
  plan.beta2 = json["beta2"].as_double();
  plan.log_every = integer("log_every");
  plan.evaluate_every = integer("evaluate_every");
  plan.sample_every = integer("sample_every");
  plan.glimpse_tokens = static_cast<std::uint64_t>(integer("glimpse_tokens"));
  plan.heldout_tokens = static_cast<std::uint64_t>(integer("heldout_tokens"));
  plan.expected_bits_per_byte = json["expected_bits_per_byte"].as_double();
  plan.expected_seconds = json["expected_seconds"].as_double();
  if (plan.T < 1 || plan.T > plan.model.context || plan.B < 1 || plan.rows_at_once < 1 ||
      plan.B % plan.rows_at_once != 0 || plan.steps < 1 || plan.log_every < 1 ||
      plan.evaluate_every < 1 || plan.sample_every < 1) {
    return format_error("[train] " + name + ": is no plan of a training; remove it to plan again");
  }
  return plan;
}

std::string describe(const TrainPlan& plan) {
  const ModelConfig& model = plan.model;
  std::string text = "plan: " + format_count(static_cast<std::uint64_t>(count_parameters(model))) +
                     " parameters (" + std::to_string(model.layers) + " layers of width " +
                     std::to_string(model.hidden_size) + ", vocabulary " +
                     format_count(static_cast<std::uint64_t>(model.vocab_size)) + "), " +
                     format_count(static_cast<std::uint64_t>(plan.steps)) + " steps of " +
                     format_count(static_cast<std::uint64_t>(plan.batch_tokens())) + " tokens";
  if (plan.expected_seconds > 0) text += ", about " + format_duration(plan.expected_seconds);
  if (plan.expected_bits_per_byte > 0) {
    char range[64];
    std::snprintf(range, sizeof(range), "%.2f to %.2f",
                  plan.expected_bits_per_byte * (1 - kExpectedWithin),
                  plan.expected_bits_per_byte * (1 + kExpectedWithin));
    text += "; expect " + std::string(range) + " bits per byte on held-out text";
  }
  return text;
}

}  // namespace pith
