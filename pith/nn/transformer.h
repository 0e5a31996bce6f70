#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pith/base/result.h"
#include "pith/model/config.h"
#include "pith/nn/parameter.h"
#include "pith/nn/token_batch.h"
#include "pith/tensor/precision.h"

// The transformer as trained, of any architecture (model/network.h). Parameters, gradients and sums
// are 32-bit floats, factors of products what `precision` says.
//
// All memory is planned and taken in create(); a step allocates nothing.
// Determinism: the same parameters and batch give the same bits in every run, whatever `threads`.
// Threads: one caller at a time; kernels work on `threads` threads, the caller among them.
namespace pith {

struct TransformerOptions {
  int max_batch_tokens = 4096;  // most B * T of one batch; memory grows with it
  int max_sequence = 0;         // most T; 0: the config's context
  int threads = 1;
  Precision precision = Precision::kFloat32;  // of products; kFloat32 where there is no other

  // Of architectures with experts or with the prediction of a second token.
  float router_bias_rate = 0.001f;   // what end_step() moves the biases of routers by
  float sequence_balance = 0;        // weight of the balance loss (ops/router_op.h)
  float second_token_weight = 0.3f;  // of the loss of the token after the next
};

// What the experts of one layer got in a step.
struct ExpertLoad {
  int layer = 0;
  std::span<const std::int64_t> tokens;      // by expert
  std::span<const std::int64_t> idle_steps;  // in a row in which an expert got no token
};

struct LossSum {
  double nats = 0;           // negative log likelihood, summed over counted targets
  std::int64_t counted = 0;  // targets that are not -1
  double mean() const { return counted > 0 ? nats / static_cast<double>(counted) : 0; }
};

class Transformer {
 public:
  // Errors: an invalid config (kInput), more memory than the machine gives (kCapacity).
  // Parameters are zero until somebody fills them: a folder's, or first weights (initialize.h).
  static Result<std::unique_ptr<Transformer>> create(const ModelConfig& config,
                                                     const TransformerOptions& options);
  virtual ~Transformer() = default;

  virtual const ModelConfig& config() const = 0;
  virtual Precision precision() const = 0;  // what it works in on this processor

  // In the order of model/parameters.h. Spans live as long as the transformer; values may be
  // written between calls.
  virtual std::span<Parameter> parameters() = 0;

  // Batches must keep what TokenBatch promises, with B * T <= max_batch_tokens, T <= max_sequence
  // and at least one token: PITH_CHECK.
  virtual LossSum loss(const TokenBatch& batch) = 0;

  // Of the last loss(), (B, T): nats of every token, 0 where it was not counted. Valid until the
  // next batch.
  virtual std::span<const float> losses() const = 0;

  // As loss(), and adds to every gradient `scale` times the gradient of the mean loss of this
  // batch. With n micro-batches to a step, give 1 / n. The gradient, not the loss that is returned,
  // contains what the options ask for besides.
  virtual LossSum loss_and_gradients(const TokenBatch& batch, double scale = 1.0) = 0;

  // Of the tokens after the next in the last loss_and_gradients(); nothing counted when the model
  // does not predict them.
  virtual LossSum second_loss() const = 0;

  // A step begins: gradients count as zero from here on, and no expert has got a token. Cheap: the
  // next loss_and_gradients() overwrites them.
  virtual void zero_gradients() = 0;

  // A step ends, its parameters updated: the biases of routers move towards equal loads.
  virtual void end_step() = 0;

  // Of the step at hand or just ended, a layer with experts after the other; empty without any.
  virtual std::vector<ExpertLoad> expert_loads() const = 0;

  // out is (B, T, V); targets are ignored and may be empty.
  virtual void logits(const TokenBatch& batch, std::span<float> out) = 0;
};

}  // namespace pith
