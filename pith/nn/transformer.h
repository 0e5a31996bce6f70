#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "pith/base/result.h"
#include "pith/model/config.h"
#include "pith/nn/parameter.h"
#include "pith/nn/token_batch.h"
#include "pith/tensor/precision.h"

// The transformer as trained, of any architecture (model/network.h), in 32-bit floats.
//
// All memory is planned and taken in create(); a step allocates nothing.
// Determinism: the same parameters and batch give the same bits in every run, whatever `threads`.
// Threads: one caller at a time; kernels work on `threads` threads, the caller
// among them.
namespace pith {

struct TransformerOptions {
  int max_batch_tokens = 4096;  // most B * T of one batch; memory grows with it
  int max_sequence = 0;         // most T; 0: the config's context
  int threads = 1;
  Precision precision = Precision::kFloat32;  // of products; kFloat32 where there is no other
};

struct LossSum {
  double nats = 0;           // negative log likelihood, summed over counted targets
  std::int64_t counted = 0;  // targets that are not -1
  double mean() const { return counted > 0 ? nats / static_cast<double>(counted) : 0; }
};

class Transformer {
 public:
  // Errors: an invalid config (kInput), more memory than the machine gives (kCapacity).
  // Parameters are zero until initialize() or until the caller fills them.
  static Result<std::unique_ptr<Transformer>> create(const ModelConfig& config,
                                                     const TransformerOptions& options);
  virtual ~Transformer() = default;

  virtual const ModelConfig& config() const = 0;
  virtual Precision precision() const = 0;  // what it works in on this processor

  // As ParameterShape::start says (model/parameters.h): the same values on every machine.
  virtual void initialize(std::uint64_t seed) = 0;

  // In the order of model/parameters.h. Spans live as long as the transformer; values may be
  // written between calls.
  virtual std::span<Parameter> parameters() = 0;

  // Batches must keep what TokenBatch promises, with B * T <= max_batch_tokens, T <= max_sequence
  // and at least one token: PITH_CHECK.
  virtual LossSum loss(const TokenBatch& batch) = 0;

  // As loss(), and adds to every gradient `scale` times the gradient of the mean loss of this
  // batch. With n micro-batches to a step, give 1 / n.
  virtual LossSum loss_and_gradients(const TokenBatch& batch, double scale = 1.0) = 0;

  // Gradients count as zero from here on. Cheap: the next loss_and_gradients() overwrites them.
  virtual void zero_gradients() = 0;

  // out is (B, T, V); targets are ignored and may be empty.
  virtual void logits(const TokenBatch& batch, std::span<float> out) = 0;
};

}  // namespace pith
