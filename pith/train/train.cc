#include "pith/train/train.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/hash.h"
#include "pith/base/units.h"
#include "pith/formats/manifest.h"
#include "pith/formats/tokens.h"
#include "pith/model/parameters.h"
#include "pith/nn/optimizer.h"
#include "pith/nn/transformer.h"
#include "pith/nn/weight_average.h"
#include "pith/text/tokenizer.h"
#include "pith/train/budget_keeper.h"
#include "pith/train/budget_now.h"
#include "pith/train/checkpoint.h"
#include "pith/train/checkpoint_writer.h"
#include "pith/train/document_loss.h"
#include "pith/train/expert_report.h"
#include "pith/train/held_signals.h"
#include "pith/train/heldout_sample.h"
#include "pith/train/model_files.h"
#include "pith/train/ngram_mixture.h"
#include "pith/train/packing.h"
#include "pith/train/plan.h"
#include "pith/train/plan_file.h"
#include "pith/train/prepare_tokens.h"
#include "pith/train/sample_text.h"
#include "pith/train/step_guard.h"
#include "pith/train/text_hardness.h"
#include "pith/train/training_log.h"

namespace pith {
namespace {

constexpr const char* kProgram = "pith train 4";  // rises when the same plan gives other bytes
constexpr int kSampleTokens = 64;
constexpr std::uint64_t kMostCounted = 16'000'000;  // tokens whose n-grams are counted

// Paths under MODEL.
struct Places {
  explicit Places(const std::string& out)
      : folder(join_path(out, "training")),
        plan(join_path(folder, "plan.json")),
        result(join_path(folder, "result.json")),
        checkpoint(join_path(folder, "checkpoint")) {}
  std::string folder, plan, result, checkpoint;
};

Result<Manifest> make_manifest(const TrainOptions& options, const Context& context) {
  Manifest manifest;
  manifest.program = kProgram;
  manifest.options.set("budget_seconds", options.budget_seconds);
  manifest.options.set("steps", options.steps);
  manifest.options.set("tokens", options.tokens_to_train);
  manifest.options.set("seed", context.seed);
  manifest.options.set("config", to_json(options.config));
  manifest.options.set("budget_core_seconds", options.budget_core_seconds);
  manifest.options.set("budget_joules", options.budget_joules);
  for (const char* name : {"train.bin", "train.idx", "heldout.bin", "tokenizer.json"}) {
    PITH_ASSIGN(ManifestFile file, describe_file(join_path(options.tokens, name)));
    manifest.inputs.push_back(std::move(file));
  }
  return manifest;
}

// On a machine that is slower than expected reading may take the whole of a budget in seconds; what
// was read is worth a training all the same. True when the budget had to be extended for it.
bool leave_time_to_train(double spent, BudgetNow& budget) {
  constexpr double kLeast = 0.1;
  if (budget.seconds == 0 || budget.watts > 0 || spent < (1 - kLeast) * budget.seconds)
    return false;
  budget.seconds = spent + kLeast * budget.seconds;
  return true;
}

// Null when the model is to have none. They follow from the tokens alone, so that a training that
// goes on counts them again.
Result<std::optional<NgramMixture>> count_ngrams(const TrainOptions& options,
                                                 const TokensInfo& tokens, const Context& context) {
  std::optional<NgramMixture> mixture;
  const int order = ngram_order(options.config);
  if (order == 0) return mixture;
  std::uint64_t most = kMostCounted;
  if (context.memory_bytes > 0) most = std::min(most, context.memory_bytes / 100);
  context.progress({.stage = "train: count n-grams",
                    .done = 0,
                    .total = tokens.tokens,
                    .unit = "tokens",
                    .note = {}});
  PITH_ASSIGN(const TokenReader reader, TokenReader::open(join_path(options.tokens, "train")));
  PITH_ASSIGN(mixture, NgramMixture::create(reader, tokens.vocab, order, most));
  return mixture;
}

// One training from its plan to the model folder.
class Trainer {
 public:
  // `begin` is when this sitting began, by options.clock.
  static Result<std::unique_ptr<Trainer>> create(const TrainOptions& options, PlanFile file,
                                                 const TokensInfo& tokens, const BudgetNow& budget,
                                                 double begin, Tokenizer tokenizer,
                                                 std::optional<NgramMixture> mixture,
                                                 const Context& context,
                                                 const HeldSignals& signals);
  Result<TrainResult> run();

 private:
  Trainer(const TrainOptions& options, PlanFile file, const TokensInfo& tokens,
          const BudgetNow& budget, double begin, Tokenizer tokenizer, const Context& context,
          const HeldSignals& signals, TokenReader train_tokens, TokenReader heldout_tokens,
          std::unique_ptr<Transformer> transformer);

  Status begin_or_go_on();
  std::vector<StateTensor> state_tensors();
  Status take_step();
  Status skip_step(const std::string& why, double learning_rate);
  Status report_step(double loss, double learning_rate, double gradient_norm, double bits);
  void show_progress();
  Status look_around();
  void begin_budget();
  void weigh_energy();
  Status keep_budget();
  Status stop();
  Status save();
  Result<double> heldout_bits_per_byte(std::uint64_t most_tokens);
  std::string sample();
  double now() const { return options_.clock(); }
  double seconds() const { return state_.seconds + now() - begin_; }
  double spent() const { return options_.budget_spent + seconds(); }

  const TrainOptions& options_;
  PlanFile file_;
  const TrainPlan& plan_ = file_.plan;  // which keep_budget() alone revises
  const TokensInfo& tokens_;
  const Places places_;
  const Tokenizer tokenizer_;
  const Context& context_;
  const HeldSignals& signals_;
  TokenReader train_tokens_, heldout_tokens_;
  std::optional<PackedRows> rows_;
  std::optional<HeldoutSample> heldout_sample_;
  std::unique_ptr<Transformer> transformer_;
  std::unique_ptr<Optimizer> optimizer_;
  std::optional<WeightAverage> average_;
  std::optional<NgramMixture> mixture_;
  std::vector<double> token_bytes_;  // (V): bytes of text a token stands for
  std::optional<TrainingLog> log_;
  CheckpointState state_;  // seconds: of earlier sittings
  CheckpointWriter writer_;
  PackedBatch batch_;

  // Of a budget.
  BudgetNow budget_;
  std::optional<BudgetKeeper> keeper_;
  double joules_before_ = 0;                    // of earlier sittings
  double weighed_joules_ = 0, weighed_at_ = 0;  // by the meter, when it was last looked at
  double expected_now_ = 0;                     // bits per byte, with the steps as they are

  const double begin_;
  double saved_;
  std::int64_t first_step_ = 0;  // of this sitting
  double step_seconds_ = 0;      // spent on steps in this sitting
  double save_seconds_ = 0;      // and waiting for checkpoints
  double nats_ = 0, bytes_ = 0;  // running sums of them, with the decay of the running loss
};

Trainer::Trainer(const TrainOptions& options, PlanFile file, const TokensInfo& tokens,
                 const BudgetNow& budget, double begin, Tokenizer tokenizer, const Context& context,
                 const HeldSignals& signals, TokenReader train_tokens, TokenReader heldout_tokens,
                 std::unique_ptr<Transformer> transformer)
    : options_(options),
      file_(std::move(file)),
      tokens_(tokens),
      places_(options.out),
      tokenizer_(std::move(tokenizer)),
      context_(context),
      signals_(signals),
      train_tokens_(std::move(train_tokens)),
      heldout_tokens_(std::move(heldout_tokens)),
      transformer_(std::move(transformer)),
      optimizer_(make_optimizer(plan_, transformer_->parameters(), std::max(1, context.threads))),
      writer_(places_.checkpoint),
      budget_(budget),
      begin_(begin),
      saved_(now()) {
  if (plan_.average_steps > 0) average_.emplace(transformer_->parameters());
  for (int id = 0; id < plan_.model.vocab_size; ++id) {
    token_bytes_.push_back(
        tokenizer_.is_special(id) ? 0 : static_cast<double>(tokenizer_.token_bytes(id).size()));
  }
}

Result<std::unique_ptr<Trainer>> Trainer::create(const TrainOptions& options, PlanFile file,
                                                 const TokensInfo& tokens, const BudgetNow& budget,
                                                 double begin, Tokenizer tokenizer,
                                                 std::optional<NgramMixture> mixture,
                                                 const Context& context,
                                                 const HeldSignals& signals) {
  PITH_ASSIGN(TokenReader train_tokens, TokenReader::open(join_path(options.tokens, "train")));
  PITH_ASSIGN(TokenReader heldout, TokenReader::open(join_path(options.tokens, "heldout")));
  PITH_ASSIGN(
      auto transformer,
      Transformer::create(file.plan.model, transformer_options(file.plan, context.threads)));
  std::unique_ptr<Trainer> trainer(
      new Trainer(options, std::move(file), tokens, budget, begin, std::move(tokenizer), context,
                  signals, std::move(train_tokens), std::move(heldout), std::move(transformer)));
  const TrainPlan& plan = trainer->plan_;
  trainer->mixture_ = std::move(mixture);
  const auto left_out =
      trainer->mixture_ ? trainer->mixture_->left_out() : std::span<const std::uint32_t>();
  PITH_ASSIGN(trainer->rows_, PackedRows::create(trainer->train_tokens_, plan.model.vocab_size,
                                                 plan.T, plan.seed, left_out));
  PITH_ASSIGN(trainer->heldout_sample_,
              HeldoutSample::create(trainer->heldout_tokens_, plan.model.vocab_size));
  return trainer;
}

Status Trainer::begin_or_go_on() {
  PITH_TRY(make_folders(places_.checkpoint));
  const std::string job = hex(hash128(to_json(plan_).dump()));
  if (has_checkpoint(places_.checkpoint)) {
    PITH_ASSIGN(state_, read_checkpoint(places_.checkpoint, job, state_tensors(),
                                        [&](std::string_view text) { context_.warn(text); }));
    optimizer_->set_steps(state_.step - state_.skipped);
  } else {
    initialize(plan_, *transformer_);
    state_.job = job;
  }
  first_step_ = state_.step;
  PITH_ASSIGN(log_, TrainingLog::open(places_.folder, state_.step));
  // What a kill lost is spent too.
  state_.seconds = std::max(state_.seconds, log_->seconds_before());
  expected_now_ =
      plan_.revisions.empty() ? plan_.expected_bits_per_byte : expected_of(plan_, tokens_);
  if (budget_.seconds > 0 && !file_.settled) begin_budget();
  return {};
}

void Trainer::begin_budget() {
  constexpr double kBytesPerSecond = 200e6, kOtherSeconds = 0.1;
  const double files =
      kOtherSeconds + 4.0 * static_cast<double>(count_parameters(plan_.model)) / kBytesPerSecond;
  keeper_.emplace(plan_, plan_.expected_seconds / static_cast<double>(plan_.first_steps()),
                  files + options_.seconds_after, state_.step, spent());
  if (budget_.watts == 0) return;
  // Earlier sittings are taken to have used what this one does.
  if (state_.step > 0) joules_before_ = budget_.watts * (options_.budget_spent + state_.seconds);
  weighed_joules_ = options_.energy->joules();
  weighed_at_ = now();
}

// What is left of the joules, in seconds at the watts of late.
void Trainer::weigh_energy() {
  if (budget_.watts == 0) return;
  const double joules = options_.energy->joules(), at = now();
  if (at > weighed_at_ && joules > weighed_joules_) {
    budget_.watts = (budget_.watts + (joules - weighed_joules_) / (at - weighed_at_)) / 2;
  }
  weighed_joules_ = joules;
  weighed_at_ = at;
  const double left = options_.budget_joules - joules_before_ - joules;
  budget_.seconds = spent() + std::max(0.0, left) / budget_.watts;
}

// Revises the number of steps where they would not end with the budget.
Status Trainer::keep_budget() {
  if (!keeper_ || state_.step == plan_.steps || !keeper_->due(spent(), budget_.seconds)) return {};
  weigh_energy();
  const std::int64_t steps = keeper_->revised_steps(plan_, state_.step, spent(), budget_.seconds);
  if (steps == plan_.steps) return {};
  file_.plan.revise({state_.step, steps});
  expected_now_ = expected_of(plan_, tokens_);
  return write_plan_file(file_, places_.plan);  // before a step follows it
}

// Everything that the rest of the training depends on, but for what CheckpointState has.
std::vector<StateTensor> Trainer::state_tensors() {
  std::vector<StateTensor> tensors;
  for (Parameter& p : transformer_->parameters()) tensors.push_back({p.name, p.shape, p.value});
  const auto add = [&](std::vector<StateTensor> more) {
    tensors.insert(tensors.end(), more.begin(), more.end());
  };
  add(optimizer_->state());
  if (average_) add(average_->state());
  return tensors;
}

Result<TrainResult> Trainer::run() {
  PITH_TRY(begin_or_go_on());
  while (state_.step < plan_.steps) {
    signals_.let_in();
    if (context_.stopped()) return stop().error();
    PITH_TRY(take_step());
    PITH_TRY(look_around());
    const double since_save = now() - saved_;
    if (since_save >= options_.checkpoint_seconds && !writer_.busy()) PITH_TRY(save());
    if (!writer_.reserved() && since_save >= options_.checkpoint_seconds / 2) {
      writer_.reserve(state_tensors());
    }
    PITH_TRY(keep_budget());
  }
  if (keeper_) {
    file_.settled = true;
    PITH_TRY(write_plan_file(file_, places_.plan));
  }
  if (average_) average_->store();
  PITH_TRY(writer_.wait());

  TrainResult result;
  // The curve ends on the text it ran on; the result is of all that is held out.
  PITH_ASSIGN(const double glimpse, heldout_bits_per_byte(plan_.glimpse_tokens));
  PITH_TRY(log_->heldout(plan_.steps, glimpse));
  PITH_ASSIGN(result.bits_per_byte, heldout_bits_per_byte(plan_.heldout_tokens));
  result.sample = sample();
  PITH_TRY(log_->sample(plan_.steps, result.sample));
  PITH_TRY(save_model(*transformer_, tokenizer_, options_.out,
                      mixture_ ? &mixture_->interpolation() : nullptr));
  result.parameters = static_cast<std::uint64_t>(count_parameters(plan_.model));
  result.active_parameters = static_cast<std::uint64_t>(count_active_parameters(plan_.model));
  result.tokens = static_cast<std::uint64_t>(plan_.tokens());
  if (step_seconds_ > 0) {
    result.tokens_per_second =
        static_cast<double>(plan_.tokens() - plan_.tokens_before(first_step_)) / step_seconds_;
  }
  result.loss = state_.loss_average;
  result.seconds = seconds();
  result.steps = plan_.steps;
  result.skipped_steps = state_.skipped;
  result.checkpoint_seconds = save_seconds_;
  result.planned_steps = plan_.first_steps();
  result.expected_bits_per_byte = plan_.expected_bits_per_byte;
  result.expected_within = plan_.expected_within;
  if (budget_.seconds > 0) {
    weigh_energy();
    result.budget_seconds = budget_.seconds;
    result.budget_seconds_spent = spent();
    if (budget_.watts > 0) result.joules = weighed_joules_;
  }
  PITH_TRY(write_file(places_.result, to_json(result).dump(true) + "\n"));
  PITH_TRY(remove_tree(places_.checkpoint));
  return result;
}

Status Trainer::take_step() {
  const double begin = now();
  const int rows = plan_.rows_at(state_.step);
  int rows_at_once = std::min(rows, plan_.rows_at_once);
  while (rows % rows_at_once != 0) --rows_at_once;
  const int passes = rows / rows_at_once;
  LossSum sum;
  double bytes = 0;
  transformer_->zero_gradients();
  for (int pass = 0; pass < passes; ++pass) {
    const auto first_row = static_cast<std::uint64_t>(plan_.rows_before(state_.step) +
                                                      std::int64_t{pass} * rows_at_once);
    PITH_TRY(rows_->read(first_row, rows_at_once, batch_));
    const LossSum part = transformer_->loss_and_gradients(batch_.view(), 1.0 / passes);
    sum.nats += part.nats;
    sum.counted += part.counted;
    for (const int target : batch_.targets) {
      if (target >= 0) bytes += token_bytes_[static_cast<std::size_t>(target)];
    }
  }
  const double loss = sum.mean();
  const double learning_rate = plan_.learning_rate_at(state_.step);
  double norm = 0;
  std::string reason = reason_to_skip(state_, loss, rows);
  if (reason.empty()) {
    norm = optimizer_->step(learning_rate);
    if (!std::isfinite(norm)) reason = "the gradient is not finite";
  }
  if (reason.empty()) transformer_->end_step();
  if (const std::int64_t before = state_.step - (plan_.steps - plan_.average_steps);
      average_ && before >= 0) {
    average_->add(before);
  }
  step_seconds_ += now() - begin;
  if (!reason.empty()) return skip_step(reason, learning_rate);
  count_taken(state_, loss);
  nats_ = 0.98 * nats_ + sum.nats;
  bytes_ = 0.98 * bytes_ + bytes;
  return report_step(loss, learning_rate, norm,
                     bytes > 0 ? sum.nats / std::numbers::ln2 / bytes : 0);
}

Status Trainer::skip_step(const std::string& why, double learning_rate) {
  count_skipped(state_);
  const std::string step = std::to_string(state_.step) + " of " + std::to_string(plan_.steps);
  PITH_TRY(log_->skipped(state_.step, why));
  if (state_.skipped_in_a_row < kMostSkippedInARow) {
    context_.warn("[train] step " + step + " is skipped: " + why);
    show_progress();
    return {};
  }
  char rate[32];
  std::snprintf(rate, sizeof(rate), "%.3g", learning_rate);
  return input_error(
      "[train] " + std::to_string(kMostSkippedInARow) +
      " steps in a row had to be skipped, the last one being step " + step +
      ", with learning rate " + rate + ": " + why +
      "; try half the learning_rate or a longer warmup in --config, with another -o");
}

void Trainer::show_progress() {
  const double tokens =
      static_cast<double>(plan_.tokens_before(state_.step) - plan_.tokens_before(first_step_));
  char text[64];
  std::snprintf(text, sizeof(text), "loss %.3f", state_.loss_average);
  std::string note = text;
  if (bytes_ > 0) {
    std::snprintf(text, sizeof(text), ", %.2f bits per byte", nats_ / std::numbers::ln2 / bytes_);
    note += text;
  }
  if (expected_now_ > 0) {
    std::snprintf(text, sizeof(text), " (%.2f expected at the end)", expected_now_);
    note += text;
  }
  std::snprintf(text, sizeof(text), ", %.0f tokens/s", tokens / step_seconds_);
  note += text;
  context_.progress(
      {.stage = "train",
       .done = static_cast<std::uint64_t>(state_.step),
       .total = static_cast<std::uint64_t>(plan_.steps),
       .unit = "steps",
       .note = note,
       .budget_left = budget_.seconds > 0 ? std::max(0.0, budget_.seconds - spent()) : -1});
}

Status Trainer::report_step(double loss, double learning_rate, double gradient_norm,
                            double bits_per_byte) {
  show_progress();
  const std::vector<ExpertLoad> loads = transformer_->expert_loads();
  for (const std::string& warning : idle_warnings(loads)) context_.warn(warning);
  const bool last = state_.step == plan_.steps;
  if (!loads.empty() && (last || plan_.comes_to(plan_.evaluate_every, state_.step))) {
    PITH_TRY(log_->expert_loads(state_.step, expert_loads_json(loads)));
  }
  if (state_.step % plan_.log_every != 0 && !last) return {};
  return log_->step({.step = state_.step,
                     .loss = loss,
                     .bits_per_byte = bits_per_byte,
                     .learning_rate = learning_rate,
                     .tokens = static_cast<std::uint64_t>(plan_.tokens_before(state_.step)),
                     .seconds = seconds(),
                     .gradient_norm = gradient_norm,
                     .has_experts = !loads.empty(),
                     .experts = report_experts(loads)});
}

// On the way: how the model does on held-out text, and what it writes.
Status Trainer::look_around() {
  if (state_.step == plan_.steps) return {};
  const double begin = now();
  if (plan_.comes_to(plan_.evaluate_every, state_.step)) {
    PITH_ASSIGN(const double bits, heldout_bits_per_byte(plan_.glimpse_tokens));
    PITH_TRY(log_->heldout(state_.step, bits));
    if (keeper_) keeper_->evaluated(plan_.glimpse_tokens, now() - begin);
  }
  if (plan_.comes_to(plan_.sample_every, state_.step)) {
    const double sample_begin = now();
    PITH_TRY(log_->sample(state_.step, sample()));
    if (keeper_) keeper_->sampled(now() - sample_begin);
  }
  return {};
}

// Begins to write a checkpoint; an error is of the one before.
Status Trainer::save() {
  const double begin = now();
  CheckpointState state = state_;
  state.seconds = seconds();
  PITH_TRY(writer_.begin(state, state_tensors()));
  saved_ = now();
  save_seconds_ += saved_ - begin;
  return {};
}

// Saves, and says how to go on.
Status Trainer::stop() {
  PITH_TRY(save());
  PITH_TRY(writer_.wait());
  return Error{ErrorKind::kInterrupted,
               "[train] stopped after step " + std::to_string(state_.step) + " of " +
                   std::to_string(plan_.steps) + "; the same command goes on from there"};
}

Result<double> Trainer::heldout_bits_per_byte(std::uint64_t most_tokens) {
  const int tokens_at_once = plan_.rows_at_once * plan_.T;
  if (mixture_) {
    PITH_TRY(mixture_->fit(*transformer_, train_tokens_, plan_.T, tokens_at_once, most_tokens));
  }
  DocumentLoss loss(*transformer_, plan_.T, tokens_at_once,
                    mixture_ ? mixture_loss(mixture_->interpolation()) : TokenLoss{});
  double bytes = 0;
  std::vector<int> ids;
  for (const HeldoutPart& part : heldout_sample_->parts(most_tokens)) {
    signals_.let_in();
    ids.resize(static_cast<std::size_t>(part.tokens));
    PITH_TRY(heldout_tokens_.copy(heldout_tokens_.document_begin(part.document), ids,
                                  plan_.model.vocab_size));
    loss.add(ids);
    for (const int id : ids) bytes += token_bytes_[static_cast<std::size_t>(id)];
  }
  const LossSum sum = loss.finish();
  return bytes > 0 ? sum.nats / std::numbers::ln2 / bytes : 0.0;
}

std::string Trainer::sample() {
  return sample_text(*transformer_, mixture_ ? &mixture_->interpolation() : nullptr, tokenizer_,
                     kSampleTokens, plan_.seed + static_cast<std::uint64_t>(state_.step));
}

}  // namespace

Status check_model_out(const std::string& out) {
  if (!file_exists(out)) return {};
  if (!is_folder(out)) return input_error("[train] " + out + ": is a file, a folder was expected");
  if (file_exists(Places(out).plan)) return {};
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(out, code)) {
    if (entry.path().filename() == "training") continue;  // tokens, before there was a plan
    return input_error("[train] " + out + ": holds something else (" +
                       entry.path().filename().string() + "); give a new folder to -o");
  }
  if (code) return io_error("[train] " + out + ": cannot list: " + code.message());
  return {};
}

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Result<TrainResult> train(const TrainOptions& given, const Context& context) {
  const double begin = given.clock();
  PITH_TRY(check_model_out(given.out));
  PITH_ASSIGN(const TokensInfo tokens, read_tokens_info(given.tokens));
  PITH_ASSIGN(Tokenizer tokenizer, Tokenizer::load(join_path(given.tokens, "tokenizer.json")));
  const Places places(given.out);
  const HeldSignals signals;
  PITH_ASSIGN(const Manifest manifest, make_manifest(given, context));
  PITH_ASSIGN(auto file, find_plan_file(places.plan, manifest, given.out));
  if (file && file_exists(places.result) && file_exists(join_path(given.out, "config.json"))) {
    return read_train_result(places.result);
  }
  PITH_ASSIGN(BudgetNow budget, budget_now(given, context));
  TrainOptions options = given;
  PITH_ASSIGN(auto mixture, count_ngrams(options, tokens, context));
  if (file) {
    leave_time_to_train(file->spent_before, budget);
    options.budget_spent = file->spent_before + options.budget_spent_here;
    options.budget_seconds = budget.seconds;
  } else {
    PITH_ASSIGN(const HardnessMeter meter,
                HardnessMeter::create(options.tokens, tokens, tokenizer,
                                      mixture ? &mixture->interpolation().model : nullptr));
    PITH_ASSIGN(const TextHardness hardness, meter.measure(judged_tokens(options, tokens)));
    TrainOptions planned = options;
    planned.budget_spent += options.clock() - begin;
    if (leave_time_to_train(planned.budget_spent, budget)) {
      context.warn("[train] what comes before training took " +
                   format_duration(planned.budget_spent) + " of a budget of " +
                   format_duration(given.budget_seconds) +
                   "; so that it is not lost, a tenth of the budget is trained beyond it");
    }
    options.budget_seconds = planned.budget_seconds = budget.seconds;
    file.emplace();
    file->manifest = manifest;
    file->spent_before = options.budget_spent;
    PITH_ASSIGN(file->plan, make_plan(planned, tokens, hardness, tokenizer, context));
    // How many held-out tokens the result is of is known now: a sample of them expects more
    // exactly.
    PITH_ASSIGN(file->plan.hardness, meter.measure(file->plan.heldout_tokens));
    file->plan.expected_bits_per_byte = expected_of(file->plan, tokens);
    PITH_TRY(make_folders(places.folder));
    PITH_TRY(write_plan_file(*file, places.plan));
  }
  if (options.on_plan) {
    if (!budget.text.empty()) options.on_plan(budget.text);
    options.on_plan(describe(file->plan, tokens.tokens));
  }
  PITH_ASSIGN(const auto trainer,
              Trainer::create(options, *std::move(file), tokens, budget, begin,
                              std::move(tokenizer), std::move(mixture), context, signals));
  return trainer->run();
}

}  // namespace pith
