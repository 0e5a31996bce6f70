#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/model/config.h"
#include "pith/nn/optimizer.h"
#include "pith/nn/transformer.h"
#include "pith/train/scaling.h"

namespace pith {

// Another number of steps, decided on the way to keep to a budget (budget_keeper.h).
struct Revision {
  std::int64_t at_step = 0;  // when so many were done
  std::int64_t steps = 0;    // in all, from then on
  friend bool operator==(const Revision&, const Revision&) = default;
};

// Everything that the bytes of the trained model depend on, besides the tokens. With it, and its
// revisions, nothing depends on timing.
struct TrainPlan {
  ModelConfig model;
  int T = 0;               // tokens a row
  int B = 0;               // rows a step, after the ramp
  int rows_at_once = 0;    // most rows of one pass; divides B
  std::int64_t steps = 0;  // at least 1; what the last revision says
  std::uint64_t seed = 0;

  // Schedule: the rate rises over warmup_steps, stays, and falls along a line over decay_steps.
  // These two are parts of first_steps(), wherever revisions put them.
  double learning_rate = 0;        // the highest
  double final_learning_rate = 0;  // at the last step
  std::int64_t warmup_steps = 0, decay_steps = 0;
  std::int64_t quarter_steps = 0;  // the first, of B / 4 rows (at least one)
  std::int64_t half_steps = 0;     // after them, of B / 2 rows
  std::int64_t average_steps = 0;  // the last; the model is the mean of the weights after each

  // Optimizer, as in nn/muon.h and nn/adamw.h.
  bool muon = false;
  double adamw_learning_rate = 0;  // of what Muon leaves to AdamW, the highest
  double momentum = 0;
  int orthogonal_steps = 0;
  bool rms_scale = false, neuron_scaling = false, cautious_decay = false;
  double weight_decay = 0, clip = 0, beta1 = 0, beta2 = 0;

  Precision precision = Precision::kFloat32;  // that the processor planned on has

  // First weights, as in nn/initialize.h.
  double embedding_deviation = 0, hidden_deviation = 0, residual_deviation = 0;

  // Of experts and of the second token, as in nn/transformer.h.
  double router_bias_rate = 0, sequence_balance = 0, second_token_weight = 0;

  std::int64_t log_every = 1;                         // steps
  std::int64_t evaluate_every = 0, sample_every = 0;  // positions of the schedule
  std::uint64_t glimpse_tokens = 0;  // of evaluations on the way (heldout_sample.h)
  std::uint64_t heldout_tokens = 0;  // and of the last one

  double expected_bits_per_byte =
      0;                        // as first planned, give or take expected_within; 0: not known
  double expected_within = 0;   // as a share of it
  TextHardness hardness;        // of the text, as measured for the expectation
  double expected_seconds = 0;  // 0: not measured

  std::vector<Revision> revisions;  // in their order
  std::int64_t steps_at_first = 0;  // before the first of them; 0: there was none

  std::int64_t first_steps() const { return revisions.empty() ? steps : steps_at_first; }
  void revise(const Revision& revision);  // at a later step than the last one; steps beyond it
  // Where the schedule is once `done` steps are: of first_steps(). A revision leaves what is done
  // where it was and spreads what is left over the steps that are.
  double position(std::int64_t done) const;
  // Whether the schedule comes to a multiple of `every` with the last of `done` steps.
  bool comes_to(std::int64_t every, std::int64_t done) const;

  std::int64_t batch_tokens() const { return std::int64_t{B} * T; }  // after the ramp
  int rows_at(std::int64_t step) const;                              // of step 0, 1, ...
  std::int64_t rows_before(std::int64_t step) const;                 // of all steps before it
  std::int64_t tokens_before(std::int64_t step) const { return rows_before(step) * T; }
  std::int64_t tokens() const { return tokens_before(steps); }
  // Of step 0, 1, ...; a smaller step of the ramp has a lower rate, by the square root.
  double learning_rate_at(std::int64_t step) const;
};

// For passes of at most rows_at_once rows.
TransformerOptions transformer_options(const TrainPlan& plan, int threads);
std::unique_ptr<Optimizer> make_optimizer(const TrainPlan& plan,
                                          std::span<const Parameter> parameters, int threads);
void initialize(const TrainPlan& plan, Transformer& transformer);

Json to_json(const TrainPlan& plan);  // as it was before its revisions
Json revisions_json(const TrainPlan& plan);
// `revisions` is null, or what revisions_json() made.
Result<TrainPlan> parse_plan(const Json& json, const Json& revisions, const std::string& name);

// For people, before the first step: size, schedule, passes over the `corpus_tokens` there are,
// what to expect.
std::string describe(const TrainPlan& plan, std::uint64_t corpus_tokens);

}  // namespace pith
