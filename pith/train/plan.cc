#include "pith/train/plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "pith/base/random.h"
#include "pith/base/units.h"
#include "pith/model/architecture.h"
#include "pith/model/parameters.h"
#include "pith/nn/transformer.h"
#include "pith/train/budget_keeper.h"
#include "pith/train/scaling.h"

namespace pith {
namespace {

constexpr std::int64_t kTokensAtOnce = 4096;  // of one pass; activations take memory for them
constexpr double kGuessedFlops = 60e9;        // a second, before anything was measured
constexpr double kGuessedTokensPerSecond = 50e3, kGuessedCores = 2, kGuessedWatts = 30;
constexpr std::int64_t kEvaluations = 10;  // on the way
constexpr std::int64_t kDefaultT = 256;

// What a schedule and first weights are when nothing is said; docs/ablations.md has what was tried.
constexpr double kWarmup = 0.05, kDecay = 1, kFinalRate = 0.05;
constexpr double kRestRate = 2;  // of what Muon leaves to AdamW, times that of AdamW for all
constexpr double kEmbeddingDeviation = 0.02, kHiddenDeviation = 0.3, kResidualDeviation = 0;

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
  const std::int64_t C = plan.model.hidden_size;
  plan.beta2 = config.beta2 >= 0 ? config.beta2 : chosen_beta2(batch_tokens);
  if (config.learning_rate > 0) {
    plan.learning_rate = config.learning_rate;
  } else {
    plan.learning_rate =
        plan.muon ? chosen_muon_rate(batch_tokens) : chosen_learning_rate(C, batch_tokens);
  }
  plan.final_learning_rate =
      plan.learning_rate *
      (config.final_learning_rate >= 0 ? config.final_learning_rate : kFinalRate);
  plan.adamw_learning_rate = config.adamw_learning_rate > 0 ? config.adamw_learning_rate
                                                            : chosen_learning_rate(C, batch_tokens);
}

// The numbers that the architecture has of its own: its proposals, then what is given.
Status complete_model(const TrainConfig& config, ModelConfig& model) {
  const Architecture& architecture = architecture_of(model);
  if (architecture.propose != nullptr) architecture.propose(model);
  if (config.tie_embeddings) model.tie_embeddings = *config.tie_embeddings;
  if (config.key_value_heads > 0) {
    if (find_field(architecture, kKvHeadsField.name) == nullptr) {
      return input_error("[train] [model] key_value_heads is no field of the architecture " +
                         model.architecture);
    }
    model.kv_heads = static_cast<int>(config.key_value_heads);
  }
  for (const auto& [name, value] : config.architecture_fields) {
    const ConfigField* field = find_field(architecture, name);
    if (field == nullptr) {
      return input_error("[train] [model] " + name + " is no field of the architecture " +
                         model.architecture);
    }
    PITH_TRY(set_field(*field, value, model));
  }
  if (model.head_size == 0 && find_field(architecture, kHeadSizeField.name) != nullptr &&
      model.hidden_size % model.heads != 0) {
    return input_error("[train] hidden_size " + std::to_string(model.hidden_size) +
                       " is no multiple of heads " + std::to_string(model.heads));
  }
  architecture.fill_in(model);
  return {};
}

// The plan for a size, all but its number of steps.
Result<TrainPlan> plan_for_size(const ModelSize& size, const TrainConfig& config,
                                const TokensInfo& tokens, const TextHardness& hardness,
                                const Tokenizer& tokenizer, std::int64_t batch_tokens,
                                std::uint64_t seed) {
  TrainPlan plan;
  plan.hardness = hardness;
  ModelConfig& model = plan.model;
  model.architecture = config.architecture_name();
  const auto given = [](std::int64_t value, std::int64_t otherwise) {
    return static_cast<int>(value > 0 ? value : otherwise);
  };
  model.vocab_size = static_cast<int>(tokens.vocab);
  model.hidden_size = given(config.hidden_size, size.hidden_size);
  model.layers = given(config.layers, size.layers);
  const bool size_fits = model.hidden_size == size.hidden_size;
  model.heads = given(config.heads,
                      size_fits ? size.heads : std::max<std::int64_t>(1, model.hidden_size / 64));
  model.intermediate_size =
      given(config.intermediate_size,
            size_fits ? size.intermediate_size : (model.hidden_size * 8 / 3 + 31) / 32 * 32);
  plan.T = static_cast<int>(context_length(config));
  model.context = plan.T;
  model.tie_embeddings = false;  // fewer bits for the same time, with Muon: docs/ablations.md
  PITH_TRY(complete_model(config, model));
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
  plan.muon = config.optimizer != "adamw";
  plan.precision =
      available_precision(parse_precision(config.precision).value_or(Precision::kBfloat16));
  set_batch(batch_tokens, config, plan);
  plan.seed = seed;
  plan.momentum = config.momentum;
  plan.orthogonal_steps = static_cast<int>(config.orthogonal_steps);
  plan.rms_scale = config.muon_scale == "rms";
  plan.neuron_scaling = config.neuron_scaling;
  plan.cautious_decay = config.cautious_decay;
  const auto number = [](double value, double otherwise) { return value >= 0 ? value : otherwise; };
  plan.embedding_deviation = number(config.embedding_deviation, kEmbeddingDeviation);
  plan.hidden_deviation = number(config.hidden_deviation, kHiddenDeviation);
  plan.residual_deviation = number(config.residual_deviation, kResidualDeviation);
  plan.router_bias_rate = config.router_bias_rate;
  plan.sequence_balance = config.sequence_balance;
  plan.second_token_weight = config.second_token_weight;
  plan.weight_decay = config.weight_decay;
  plan.clip = config.clip;
  plan.beta1 = config.beta1;
  return plan;
}

// What evaluations of a training on so many tokens read: the last one, and each on the way.
std::uint64_t heldout_tokens(double trained, const TokensInfo& tokens) {
  return std::min(tokens.heldout_tokens,
                  static_cast<std::uint64_t>(std::max(trained / 12, 32768.)));
}
std::uint64_t glimpse_tokens(double trained, const TokensInfo& tokens) {
  return std::min(tokens.heldout_tokens,
                  static_cast<std::uint64_t>(std::max(trained / 400, 4096.)));
}

void set_steps(std::int64_t steps, const TrainConfig& config, const TokensInfo& tokens,
               TrainPlan& plan) {
  plan.steps = steps;
  const auto part = [&](double given, double otherwise) {
    return static_cast<std::int64_t>((given >= 0 ? given : otherwise) * static_cast<double>(steps));
  };
  plan.warmup_steps = part(config.warmup, kWarmup);
  plan.decay_steps = std::min(steps - plan.warmup_steps, part(config.decay, kDecay));
  plan.quarter_steps = plan.half_steps = part(config.batch_ramp / 2, 0);
  plan.average_steps = part(config.average, 0);
  plan.log_every = std::max<std::int64_t>(1, steps / 1000);
  plan.evaluate_every = std::max<std::int64_t>(1, (steps + kEvaluations - 1) / kEvaluations);
  plan.sample_every = std::max<std::int64_t>(1, (steps + 4) / 5);
  plan.heldout_tokens = heldout_tokens(static_cast<double>(plan.tokens()), tokens);
  plan.glimpse_tokens = glimpse_tokens(static_cast<double>(plan.tokens()), tokens);
  plan.expected_bits_per_byte = expected_of(plan, tokens);
  const ScalingLaw& law = law_for(plan.model.architecture);
  plan.expected_within = plan.hardness.counted > 0 ? law.mixture_within : law.within;
}

// Steps of a ramp for as many tokens as `steps` whole ones have: half of the ramp's steps have a
// quarter of the rows, half of them half.
std::int64_t ramp_steps(double steps, const TrainConfig& config) {
  return static_cast<std::int64_t>(std::ceil(steps / (1 - config.batch_ramp * 5.0 / 8)));
}

// Resident memory of training, roughly: weights, gradients and moments, a checkpoint's copy of
// three of them while it is written, and what a pass keeps. A table of which few rows are read has
// only its copy.
double memory_bytes(const TrainPlan& plan) {
  double copies = 0;
  for (const ParameterShape& shape : parameter_shapes(plan.model)) {
    copies += (shape.few_rows ? 2 : 7) * static_cast<double>(shape.elements());
  }
  return 4.0 * copies + pass_bytes(plan.model, std::int64_t{plan.rows_at_once} * plan.T) + 64e6;
}

std::string format_seconds(double seconds) {
  if (seconds < 1) return std::to_string(static_cast<int>(std::ceil(seconds * 1000))) + " ms";
  return format_duration(seconds);
}

// Seconds of one step, the median of some after one to warm up, in about `seconds` of time.
Result<double> measure_step(const TrainPlan& plan, double seconds, const TrainOptions& options,
                            const Context& context) {
  const double begin = options.clock();
  const int pass_tokens = plan.rows_at_once * plan.T;
  PITH_ASSIGN(auto transformer,
              Transformer::create(plan.model, transformer_options(plan, context.threads)));
  initialize(plan, *transformer);
  const auto optimizer = make_optimizer(plan, transformer->parameters(), context.threads);
  Random random(1);
  std::vector<int> tokens(static_cast<std::size_t>(pass_tokens));
  for (int& id : tokens) {
    id = static_cast<int>(random.below(static_cast<std::uint64_t>(plan.model.vocab_size)));
  }
  const TokenBatch batch{plan.rows_at_once, plan.T, tokens, tokens, {}};
  std::vector<double> steps;
  for (int round = 0; round < 32; ++round) {
    if (context.stopped()) return Error{ErrorKind::kInterrupted, "[train] stopped while planning"};
    const double pass_begin = options.clock();
    transformer->zero_gradients();
    transformer->loss_and_gradients(batch);
    const double pass = options.clock() - pass_begin;
    optimizer->step(1e-3);
    const double update = options.clock() - pass_begin - pass;
    if (round == 0) continue;
    steps.push_back(pass * plan.B / plan.rows_at_once + update);
    if (options.clock() - begin > seconds) break;
  }
  const auto middle = steps.begin() + std::ssize(steps) / 2;
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

// Chooses among sizes for a number of seconds, measuring those that come into question.
class BudgetPlanner {
 public:
  BudgetPlanner(const TrainOptions& options, const TokensInfo& tokens, const TextHardness& hardness,
                const Tokenizer& tokenizer, const Context& context)
      : options_(options),
        tokens_(tokens),
        hardness_(hardness),
        tokenizer_(tokenizer),
        context_(context),
        seconds_(options.budget_seconds * kBudgetAim - options.budget_spent) {}

  Result<TrainPlan> plan() {
    const double begin = options_.clock();
    for (const ModelSize& size : model_sizes(options_.config.architecture)) {
      PITH_ASSIGN(TrainPlan candidate,
                  plan_for_size(size, options_.config, tokens_, hardness_, tokenizer_,
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
    const double each = std::clamp(seconds_ * 0.006, 0.02, 2.0);
    for (std::size_t round = 0; round < 4; ++round) {
      const std::size_t best = choose();
      if (step_seconds_.contains(best)) break;
      PITH_ASSIGN(const double seconds, measure_step(candidates_[best], each, options_, context_));
      step_seconds_[best] = seconds;
      flops_per_second_ = flops(best) / seconds;
      choose_batches();
    }
    std::size_t best = choose();
    if (!step_seconds_.contains(best)) best = step_seconds_.begin()->first;
    const double past = options_.clock() - begin;
    const double step = step_seconds_[best];
    const std::int64_t steps = steps_for(seconds_ - past, step, candidates_[best]);
    if (steps < 1) {
      const double evaluated = static_cast<double>(heldout_tokens(0, tokens_)) +
                               kEvaluations * static_cast<double>(glimpse_tokens(0, tokens_));
      const auto batch = static_cast<double>(candidates_[best].batch_tokens());
      const double needed =
          options_.budget_spent + 2 * past + step * (40 + 2 * evaluated * kEvaluationCost / batch);
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
  // Of a step. Small models reach less of the machine's speed, which the sizes near the best one
  // measured do not differ in much.
  double flops(std::size_t i) const {
    return flops_per_token(candidates_[i].model, candidates_[i].T / 2.0) *
           static_cast<double>(candidates_[i].batch_tokens());
  }

  // Steps of so many seconds each for which there is time, with the evaluations on the way and at
  // the end.
  std::int64_t steps_for(double seconds, double step, const TrainPlan& candidate) const {
    const auto batch = static_cast<double>(candidate.batch_tokens());
    double steps = seconds / step;
    for (int round = 0; round < 3; ++round) {
      const double evaluated =
          static_cast<double>(heldout_tokens(steps * batch, tokens_)) +
          kEvaluations * static_cast<double>(glimpse_tokens(steps * batch, tokens_));
      steps = std::max(0.0, seconds / step - evaluated * kEvaluationCost / batch);
    }
    return ramp_steps(std::floor(steps), options_.config);
  }

  // For as many tokens as there is time for; what was measured stays.
  void choose_batches() {
    if (options_.config.batch_tokens > 0) return;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (step_seconds_.contains(i)) continue;
      TrainPlan& plan = candidates_[i];
      const double token_seconds = flops_per_token(plan.model, plan.T / 2.0) / flops_per_second_;
      const double tokens = 0.9 * seconds_ / token_seconds;
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
      const std::int64_t steps = steps_for(seconds_, step, candidates_[i]);
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
  const TextHardness& hardness_;
  const Tokenizer& tokenizer_;
  const Context& context_;
  const double seconds_;  // for all that is left to do
  std::vector<TrainPlan> candidates_;
  std::map<std::size_t, double> step_seconds_;  // measured
  double flops_per_second_ = kGuessedFlops;
};

// The size that is expected to do best per compute on so many tokens: about 20 a weight
// (Hoffmann et al. 2022).
const ModelSize& size_for_tokens(std::string_view architecture, double tokens, std::int64_t vocab) {
  const auto sizes = model_sizes(architecture);
  std::size_t best = 0;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (multiplying_weights(sizes[i], vocab) * 20 <= tokens) best = i;
  }
  return sizes[best];
}

}  // namespace

std::uint64_t guessed_tokens(const TrainOptions& options) {
  if (options.tokens_to_train > 0) return options.tokens_to_train;
  if (options.steps > 0) {
    return static_cast<std::uint64_t>(options.steps * default_batch_tokens(options.config));
  }
  const double seconds = options.budget_seconds + options.budget_core_seconds / kGuessedCores +
                         options.budget_joules / kGuessedWatts;
  return static_cast<std::uint64_t>(seconds * kGuessedTokensPerSecond);
}

double expected_of(const TrainPlan& plan, const TokensInfo& tokens) {
  return expected_bits_per_byte(
      law_for(plan.model.architecture), flops_per_token(plan.model, 0) / 6,
      worth_of_tokens(static_cast<double>(plan.tokens()), static_cast<double>(tokens.tokens)),
      plan.hardness);
}

std::uint64_t judged_tokens(const TrainOptions& options, const TokensInfo& tokens) {
  return heldout_tokens(static_cast<double>(guessed_tokens(options)), tokens);
}

int ngram_order(const TrainConfig& config) {
  ModelConfig model;
  const Architecture* architecture = find_architecture(config.architecture);
  if (architecture != nullptr && architecture->propose != nullptr) architecture->propose(model);
  for (const auto& [name, value] : config.architecture_fields) {
    if (name == "ngram_order") model.ngram_order = static_cast<int>(value.as_int());
  }
  return model.ngram_order;
}

double pass_bytes(const ModelConfig& model, std::int64_t tokens) {
  double kept_per_token = 2.0 * model.vocab_size, experts_at_hand = 0;
  const Network network = network_of(model);
  std::vector<Layer> layers = network.layers;
  layers.insert(layers.end(), network.prediction.begin(), network.prediction.end());
  for (const Layer& layer : layers) {
    double width = 0;
    if (const auto* mlp = std::get_if<Mlp>(&layer.mlp)) width = mlp->width;
    if (const auto* experts = std::get_if<Experts>(&layer.mlp)) {
      width = experts->chosen * experts->width + experts->shared_width + experts->routed / 2.0;
      experts_at_hand = 4.0 * experts->chosen * model.hidden_size;
    }
    kept_per_token += 12.0 * model.hidden_size + 5.0 * width;
  }
  return 4 * static_cast<double>(tokens) * (kept_per_token + experts_at_hand);
}

Result<TrainPlan> make_plan(const TrainOptions& options, const TokensInfo& tokens,
                            const TextHardness& hardness, const Tokenizer& tokenizer,
                            const Context& context) {
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
    if (options.budget_spent >= kBudgetAim * options.budget_seconds) {
      return input_error("[train] --budget " + format_seconds(options.budget_seconds) +
                         " is too short: what comes before training took " +
                         format_seconds(options.budget_spent) + "; give at least " +
                         format_seconds(std::ceil(2 * options.budget_spent + 1)));
    }
    return BudgetPlanner(options, tokens, hardness, tokenizer, context).plan();
  }
  std::int64_t batch_tokens = default_batch_tokens(options.config);
  auto wanted = static_cast<double>(options.tokens_to_train);
  if (options.steps > 0) {
    wanted = static_cast<double>(options.steps) * static_cast<double>(batch_tokens);
  } else if (options.config.batch_tokens == 0) {
    batch_tokens = chosen_batch_tokens(wanted, context_length(options.config));
  }
  PITH_ASSIGN(
      TrainPlan plan,
      plan_for_size(size_for_tokens(options.config.architecture, wanted, tokens.vocab),
                    options.config, tokens, hardness, tokenizer, batch_tokens, context.seed));
  const std::int64_t steps =
      options.steps > 0 ? options.steps
                        : ramp_steps(std::ceil(wanted / static_cast<double>(plan.batch_tokens())),
                                     options.config);
  set_steps(std::max<std::int64_t>(1, steps), options.config, tokens, plan);
  if (context.memory_bytes > 0 && memory_bytes(plan) > static_cast<double>(context.memory_bytes)) {
    return capacity_error(
        "[train] this model and batch need about " +
        format_size(static_cast<std::uint64_t>(memory_bytes(plan))) +
        " of memory; give --memory more, or a smaller model or batch_tokens in --config");
  }
  return plan;
}

}  // namespace pith
