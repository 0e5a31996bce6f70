#include "pith/train/train_plan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "pith/base/units.h"
#include "pith/model/parameters.h"
#include "pith/nn/adamw.h"
#include "pith/nn/initialize.h"
#include "pith/nn/muon.h"

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
  visit("expected_within", plan.expected_within);
  visit("unigram_bits_per_byte", plan.hardness.unigram);
  visit("trigram_bits_per_byte", plan.hardness.trigram);
  visit("counted_bits_per_byte", plan.hardness.counted);
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

void TrainPlan::revise(const Revision& revision) {
  if (revisions.empty()) steps_at_first = steps;
  revisions.push_back(revision);
  steps = revision.steps;
}

double TrainPlan::position(std::int64_t done) const {
  const auto end = static_cast<double>(first_steps());
  double reached = 0;  // after `from` steps
  std::int64_t from = 0, in_all = first_steps();
  const auto after = [&](std::int64_t step) {
    return reached +
           (end - reached) * static_cast<double>(step - from) / static_cast<double>(in_all - from);
  };
  for (const Revision& revision : revisions) {
    if (done <= revision.at_step) break;
    reached = after(revision.at_step);
    from = revision.at_step;
    in_all = revision.steps;
  }
  return after(done);
}

bool TrainPlan::comes_to(std::int64_t every, std::int64_t done) const {
  const auto passed = [&](std::int64_t step) {
    return std::floor(position(step) / static_cast<double>(every));
  };
  return passed(done) > passed(done - 1);
}

double TrainPlan::learning_rate_at(std::int64_t step) const {
  const double done = position(step + 1);  // this one included
  const double left = static_cast<double>(first_steps()) - done;
  const auto warmup = static_cast<double>(warmup_steps), decay = static_cast<double>(decay_steps);
  double rate = learning_rate;
  if (done <= warmup) {
    rate = learning_rate * (done / warmup);
  } else if (left < decay) {
    rate = learning_rate + (final_learning_rate - learning_rate) * ((decay - left) / decay);
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
  json.set("steps", plan.first_steps());
  return json;
}

Json revisions_json(const TrainPlan& plan) {
  Json list = Json::array();
  for (const Revision& revision : plan.revisions) {
    Json entry = Json::object();
    entry.set("at_step", revision.at_step);
    entry.set("steps", revision.steps);
    list.push_back(std::move(entry));
  }
  return list;
}

Result<TrainPlan> parse_plan(const Json& json, const Json& revisions, const std::string& name) {
  TrainPlan plan;
  PITH_ASSIGN(plan.model, parse_model_config(json["model"], name));
  visit_fields(plan, FieldReader{json});
  bool whole = plan.T >= 1 && plan.T <= plan.model.context && plan.B >= 1 &&
               plan.rows_at_once >= 1 && plan.B % plan.rows_at_once == 0 && plan.steps >= 1 &&
               plan.log_every >= 1 && plan.evaluate_every >= 1 && plan.sample_every >= 1 &&
               plan.warmup_steps >= 0 && plan.decay_steps >= 0 && plan.quarter_steps >= 0 &&
               plan.half_steps >= 0 && plan.learning_rate > 0 &&
               (!plan.muon || (plan.orthogonal_steps >= 1 && plan.orthogonal_steps <= 12));
  for (const Json& entry : revisions.items()) {
    const Revision revision{entry["at_step"].as_int(), entry["steps"].as_int()};
    const std::int64_t last = plan.revisions.empty() ? 0 : plan.revisions.back().at_step;
    whole = whole && revision.at_step > last && revision.at_step < plan.steps &&
            revision.steps > revision.at_step;
    plan.revise(revision);
  }
  if (!whole) {
    return format_error("[train] " + name + ": is no plan of a training; remove it to plan again");
  }
  return plan;
}

std::string describe(const TrainPlan& plan, std::uint64_t corpus_tokens) {
  const ModelConfig& model = plan.model;
  const auto number = [](std::int64_t count) {
    return format_count(static_cast<std::uint64_t>(count));
  };
  const auto decimal = [](double value) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.2f", value);
    return std::string(text);
  };
  const std::int64_t parameters = count_parameters(model);
  const std::int64_t active = count_active_parameters(model);
  std::string text = "plan: " + number(parameters) + " parameters";
  if (active < parameters) text += ", " + number(active) + " of them active for a token";
  text += " (" + std::to_string(model.layers) + " layers of width " +
          std::to_string(model.hidden_size) + ", vocabulary " + number(model.vocab_size) + "), " +
          number(plan.steps) + " steps of " + number(plan.batch_tokens()) +
          " tokens: " + number(plan.tokens()) + " tokens";
  if (corpus_tokens > 0) {
    text += ", " +
            decimal(static_cast<double>(plan.tokens()) / static_cast<double>(corpus_tokens)) +
            " epochs of the documents";
  }
  if (plan.expected_seconds > 0) text += ", about " + format_duration(plan.expected_seconds);
  if (plan.expected_bits_per_byte > 0) {
    text += "; expect " + decimal(plan.expected_bits_per_byte * (1 - plan.expected_within)) +
            " to " + decimal(plan.expected_bits_per_byte * (1 + plan.expected_within)) +
            " bits per byte on held-out text";
  }
  return text;
}

}  // namespace pith
