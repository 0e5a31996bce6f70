#include "pith/train/train_plan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "pith/base/units.h"
#include "pith/model/parameters.h"
#include "pith/nn/adamw.h"
#include "pith/nn/initialize.h"
#include "pith/nn/muon.h"
#include "pith/train/scaling.h"

namespace pith {
namespace {

// The names of a plan's fields in its file, the model's excepted; visit(name, field).
template <class Plan, class Visit>
void visit_fields(Plan& plan, const Visit& visit) {
  visit("context_length", plan.T);
  visit("rows", plan.B);
  visit("rows_at_once", plan.rows_at_once);
  visit("steps", plan.steps);
  visit("seed", plan.seed);
  visit("learning_rate", plan.learning_rate);
  visit("final_learning_rate", plan.final_learning_rate);
  visit("warmup_steps", plan.warmup_steps);
  visit("decay_steps", plan.decay_steps);
  visit("quarter_steps", plan.quarter_steps);
  visit("half_steps", plan.half_steps);
  visit("average_steps", plan.average_steps);
  visit("muon", plan.muon);
  visit("adamw_learning_rate", plan.adamw_learning_rate);
  visit("momentum", plan.momentum);
  visit("orthogonal_steps", plan.orthogonal_steps);
  visit("rms_scale", plan.rms_scale);
  visit("neuron_scaling", plan.neuron_scaling);
  visit("cautious_decay", plan.cautious_decay);
  visit("weight_decay", plan.weight_decay);
  visit("clip", plan.clip);
  visit("beta1", plan.beta1);
  visit("beta2", plan.beta2);
  visit("precision", plan.precision);
  visit("embedding_deviation", plan.embedding_deviation);
  visit("hidden_deviation", plan.hidden_deviation);
  visit("residual_deviation", plan.residual_deviation);
  visit("router_bias_rate", plan.router_bias_rate);
  visit("sequence_balance", plan.sequence_balance);
  visit("second_token_weight", plan.second_token_weight);
  visit("log_every", plan.log_every);
  visit("evaluate_every", plan.evaluate_every);
  visit("sample_every", plan.sample_every);
  visit("glimpse_tokens", plan.glimpse_tokens);
  visit("heldout_tokens", plan.heldout_tokens);
  visit("expected_bits_per_byte", plan.expected_bits_per_byte);
  visit("expected_seconds", plan.expected_seconds);
}

struct FieldReader {
  const Json& json;
  void operator()(const char* name, int& field) const {
    field = static_cast<int>(json[name].as_int());
  }
  void operator()(const char* name, std::int64_t& field) const { field = json[name].as_int(); }
  void operator()(const char* name, std::uint64_t& field) const {
    field = static_cast<std::uint64_t>(json[name].as_int());
  }
  void operator()(const char* name, double& field) const { field = json[name].as_double(); }
  void operator()(const char* name, bool& field) const { field = json[name].as_bool(); }
  void operator()(const char* name, Precision& field) const {
    field = parse_precision(json[name].as_string()).value_or(Precision::kFloat32);
  }
};

struct FieldWriter {
  Json& json;
  void operator()(const char* name, const Precision& field) const {
    json.set(name, std::string(to_string(field)));
  }
  template <class Field>
  void operator()(const char* name, const Field& field) const {
    json.set(name, field);
  }
};

}  // namespace

int TrainPlan::rows_at(std::int64_t step) const {
  if (step < quarter_steps) return std::max(1, B / 4);
  if (step < quarter_steps + half_steps) return std::max(1, B / 2);
  return B;
}

std::int64_t TrainPlan::rows_before(std::int64_t step) const {
  const std::int64_t quarter = std::min(step, quarter_steps);
  const std::int64_t half = std::min(step - quarter, half_steps);
  return quarter * std::max(1, B / 4) + half * std::max(1, B / 2) + (step - quarter - half) * B;
}

double TrainPlan::learning_rate_at(std::int64_t step) const {
  double part = 1;  // of the way up, or down
  double rate = learning_rate;
  const std::int64_t left = steps - step;  // this one included
  if (step < warmup_steps) {
    part = static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
    rate = learning_rate * part;
  } else if (left <= decay_steps) {
    part = static_cast<double>(decay_steps - left + 1) / static_cast<double>(decay_steps);
    rate = learning_rate + (final_learning_rate - learning_rate) * part;
  }
  return rows_at(step) == B ? rate : rate * std::sqrt(static_cast<double>(rows_at(step)) / B);
}

TransformerOptions transformer_options(const TrainPlan& plan, int threads) {
  TransformerOptions options;
  options.max_batch_tokens = plan.rows_at_once * plan.T;
  options.max_sequence = plan.T;
  options.threads = std::max(1, threads);
  options.precision = plan.precision;
  options.router_bias_rate = static_cast<float>(plan.router_bias_rate);
  options.sequence_balance = static_cast<float>(plan.sequence_balance);
  options.second_token_weight = static_cast<float>(plan.second_token_weight);
  return options;
}

std::unique_ptr<Optimizer> make_optimizer(const TrainPlan& plan,
                                          std::span<const Parameter> parameters, int threads) {
  const AdamWOptions adamw{.beta1 = plan.beta1,
                           .beta2 = plan.beta2,
                           .weight_decay = plan.weight_decay,
                           .max_gradient_norm = plan.clip};
  if (!plan.muon) return std::make_unique<AdamW>(parameters, adamw, threads);
  MuonOptions muon;
  muon.momentum = plan.momentum;
  muon.orthogonal_steps = plan.orthogonal_steps;
  muon.scale = plan.rms_scale ? MuonScale::kRms : MuonScale::kSpectral;
  muon.neuron_scaling = plan.neuron_scaling;
  muon.cautious_decay = plan.cautious_decay;
  muon.weight_decay = plan.weight_decay;
  muon.max_gradient_norm = plan.clip;
  muon.adamw_rate = plan.adamw_learning_rate / plan.learning_rate;
  muon.adamw = adamw;
  return std::make_unique<Muon>(parameters, muon, threads);
}

void initialize(const TrainPlan& plan, Transformer& transformer) {
  initialize_parameters(transformer, plan.seed,
                        {.embedding = plan.embedding_deviation,
                         .hidden = plan.hidden_deviation,
                         .residual = plan.residual_deviation});
}

Json to_json(const TrainPlan& plan) {
  Json json = Json::object();
  json.set("model", to_json(plan.model));
  visit_fields(plan, FieldWriter{json});
  return json;
}

Result<TrainPlan> parse_plan(const Json& json, const std::string& name) {
  TrainPlan plan;
  PITH_ASSIGN(plan.model, parse_model_config(json["model"], name));
  visit_fields(plan, FieldReader{json});
  const bool whole = plan.T >= 1 && plan.T <= plan.model.context && plan.B >= 1 &&
                     plan.rows_at_once >= 1 && plan.B % plan.rows_at_once == 0 && plan.steps >= 1 &&
                     plan.log_every >= 1 && plan.evaluate_every >= 1 && plan.sample_every >= 1 &&
                     plan.warmup_steps >= 0 && plan.decay_steps >= 0 && plan.quarter_steps >= 0 &&
                     plan.half_steps >= 0 && plan.learning_rate > 0 &&
                     (!plan.muon || (plan.orthogonal_steps >= 1 && plan.orthogonal_steps <= 12));
  if (!whole) {
    return format_error("[train] " + name + ": is no plan of a training; remove it to plan again");
  }
  return plan;
}

std::string describe(const TrainPlan& plan) {
  const ModelConfig& model = plan.model;
  const std::int64_t parameters = count_parameters(model);
  const std::int64_t active = count_active_parameters(model);
  std::string text =
      "plan: " + format_count(static_cast<std::uint64_t>(parameters)) + " parameters";
  if (active < parameters * 9 / 10) {
    text += ", " + format_count(static_cast<std::uint64_t>(active)) + " of them active for a token";
  }
  text += " (" + std::to_string(model.layers) + " layers of width " +
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
