#include "pith/nn/transformer.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "pith/base/check.h"
#include "pith/base/random.h"
#include "pith/base/threads.h"
#include "pith/base/units.h"
#include "pith/model/parameters.h"
#include "pith/nn/ops/attention_op.h"
#include "pith/nn/ops/embedding_op.h"
#include "pith/nn/ops/linear_op.h"
#include "pith/nn/ops/rms_norm_op.h"
#include "pith/nn/ops/rope_op.h"
#include "pith/nn/ops/swiglu_op.h"
#include "pith/nn/output_head.h"
#include "pith/nn/tape.h"
#include "pith/tensor/cpu/rope.h"

namespace pith {
namespace {

std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

// Parameters in one block of memory and their gradients in another, in the list's order; matrices
// that stand side by side are without a gap between them.
class ParameterStore {
 public:
  explicit ParameterStore(const ModelConfig& config)
      : values_(size(count_parameters(config))), gradients_(values_.size()) {
    std::size_t offset = 0;
    for (ParameterShape& entry : parameter_shapes(config)) {
      const std::size_t elements = size(entry.elements());
      parameters_.push_back({std::move(entry.name), std::move(entry.shape),
                             std::span(values_.data() + offset, elements),
                             std::span(gradients_.data() + offset, elements)});
      offset += elements;
    }
  }

  // The next parameter, and behind it `more` that are used as one with it.
  Weight next(std::size_t more = 0) {
    const Parameter& parameter = parameters_[next_];
    next_ += 1 + more;
    return {parameter.value.data(), parameter.gradient.data()};
  }
  Weight first() { return {values_.data(), gradients_.data()}; }
  std::span<Parameter> parameters() { return parameters_; }
  std::span<float> gradients() { return {gradients_.data(), gradients_.size()}; }

 private:
  AlignedFloats values_, gradients_;
  std::vector<Parameter> parameters_;
  std::size_t next_ = 0;
};

class LlamaTransformer : public Transformer {
 public:
  LlamaTransformer(const ModelConfig& config, std::size_t max_rows, std::size_t max_sequence,
                   int threads, Precision precision)
      : config_(config),
        precision_(precision),
        max_rows_(max_rows),
        max_sequence_(max_sequence),
        pool_(threads),
        store_(config),
        angles_(max_sequence, size(config.head_size), config.rope_theta),
        begin_(max_rows),
        positions_(max_rows) {
    Activation* result = record();
    head_ = std::make_unique<OutputHead>(result, head_weight_, size(config.vocab_size));
    tape_.plan(result, max_rows, pool_, precision_);
    head_->reserve(max_rows, pool_, precision_);
  }

  const ModelConfig& config() const override { return config_; }
  Precision precision() const override { return precision_; }
  std::span<Parameter> parameters() override { return store_.parameters(); }
  void initialize(std::uint64_t seed) override;

  void zero_gradients() override { gradients_are_zero_ = true; }
  LossSum loss(const TokenBatch& batch) override {
    const Step step = prepare(batch, true);
    tape_.forward(step);
    head_->loss(step);
    return sum(step);
  }
  LossSum loss_and_gradients(const TokenBatch& batch, double scale) override;
  void logits(const TokenBatch& batch, std::span<float> out) override {
    const Step step = prepare(batch, false);
    PITH_CHECK(out.size() == step.rows() * size(config_.vocab_size), "logits are (B, T, V)");
    tape_.forward(step);
    head_->logits(step, out.data());
  }

 private:
  Activation* record();
  Step prepare(const TokenBatch& batch, bool with_targets);
  LossSum sum(const Step& step) const;

  const ModelConfig config_;
  const Precision precision_;
  const std::size_t max_rows_, max_sequence_;
  ThreadPool pool_;
  ParameterStore store_;
  const RopeAngles angles_;
  Tape tape_;
  Weight head_weight_;
  std::unique_ptr<OutputHead> head_;
  std::vector<int> begin_, positions_;  // (rows), of the batch at hand
  bool gradients_are_zero_ = true;
};

// The network, in the order in which the parameters are listed.
Activation* LlamaTransformer::record() {
  const std::size_t C = size(config_.hidden_size), F = size(config_.intermediate_size);
  const std::size_t H = size(config_.heads), G = size(config_.kv_heads);
  const std::size_t D = size(config_.head_size);
  const auto epsilon = static_cast<float>(config_.norm_epsilon);

  Activation* x = tape_.activation(C);
  tape_.add(embedding_op(store_.next(), size(config_.vocab_size), config_.tie_embeddings, x));
  Activation* branch = nullptr;  // what the last block adds to x
  const auto norm = [&] {
    Activation* sum = tape_.activation(C);
    Activation* out = tape_.activation(C);
    tape_.add(rms_norm_op(x, branch, store_.next(), epsilon, sum, out));
    x = sum;
    return out;
  };
  const auto linear = [&](Activation* input, std::size_t width, std::size_t more = 0) {
    Activation* out = tape_.activation(width);
    tape_.add(linear_op(input, store_.next(more), out));
    return out;
  };

  for (int layer = 0; layer < config_.layers; ++layer) {
    Activation* qkv = linear(norm(), (H + 2 * G) * D, 2);
    Activation* turned = tape_.activation(qkv->width);
    tape_.add(rope_op(qkv, angles_, H + G, D, turned));
    Activation* attended = tape_.activation(H * D);
    tape_.add(attention_op(turned, H, G, D, max_sequence_, attended));
    branch = linear(attended, C);

    Activation* gate_up = linear(norm(), 2 * F, 1);
    Activation* gated = tape_.activation(F);
    tape_.add(swiglu_op(gate_up, gated));
    branch = linear(gated, C);
  }
  Activation* result = norm();
  head_weight_ = config_.tie_embeddings ? store_.first() : store_.next();
  return result;
}

void LlamaTransformer::initialize(std::uint64_t seed) {
  const double residual_deviation = 0.02 / std::sqrt(2.0 * config_.layers);
  std::uint64_t index = 0;
  for (Parameter& parameter : store_.parameters()) {
    Random random(seed, "initialize", index++);
    const bool to_residual = parameter.name.find("o_proj") != std::string::npos ||
                             parameter.name.find("down_proj") != std::string::npos;
    const double deviation = to_residual ? residual_deviation : 0.02;
    for (float& value : parameter.value) {
      value = parameter.is_matrix() ? static_cast<float>(deviation * random.normal()) : 1.0f;
    }
  }
}

Step LlamaTransformer::prepare(const TokenBatch& batch, bool with_targets) {
  const std::size_t B = size(batch.B), T = size(batch.T), rows = B * T;
  PITH_CHECK(batch.B > 0 && batch.T > 0, "a batch has tokens");
  PITH_CHECK(rows <= max_rows_ && T <= max_sequence_, "a batch fits what was planned for");
  PITH_CHECK(batch.tokens.size() == rows, "tokens are (B, T)");
  PITH_CHECK(!with_targets || batch.targets.size() == rows, "targets are (B, T)");
  PITH_CHECK(batch.document_begin.empty() || batch.document_begin.size() == rows,
             "document_begin is (B, T)");
  for (std::size_t i = 0; i < rows; ++i) {
    const int t = static_cast<int>(i % T);
    const int begin = batch.document_begin.empty() ? 0 : batch.document_begin[i];
    PITH_CHECK(batch.tokens[i] >= 0 && batch.tokens[i] < config_.vocab_size,
               "tokens are in the vocabulary");
    PITH_CHECK(!with_targets || (batch.targets[i] >= -1 && batch.targets[i] < config_.vocab_size),
               "targets are in the vocabulary, or -1");
    PITH_CHECK(begin >= 0 && begin <= t && (t == 0 || begin >= begin_[i - 1]),
               "a document begins at or before its tokens, and not before the last one");
    begin_[i] = begin;
    positions_[i] = t - begin;
  }
  Step step;
  step.B = B;
  step.T = T;
  step.tokens = batch.tokens.data();
  step.targets = batch.targets.data();
  step.begin = begin_.data();
  step.positions = positions_.data();
  return step;
}

LossSum LlamaTransformer::sum(const Step& step) const {
  LossSum result;
  for (std::size_t i = 0; i < step.rows(); ++i) {
    result.nats += static_cast<double>(head_->losses()[i]);
    if (step.targets[i] >= 0) ++result.counted;
  }
  return result;
}

LossSum LlamaTransformer::loss_and_gradients(const TokenBatch& batch, double scale) {
  Step step = prepare(batch, true);
  const auto counted = std::count_if(batch.targets.begin(), batch.targets.end(),
                                     [](int target) { return target >= 0; });
  step.loss_scale = counted > 0 ? static_cast<float>(scale / static_cast<double>(counted)) : 0.0f;
  step.add_gradients = !gradients_are_zero_;
  step.gradients = true;
  tape_.forward(step);
  head_->loss_and_gradients(step);
  tape_.backward(step);
  gradients_are_zero_ = false;
  return sum(step);
}

// What create() takes, from above; activations are shared less in truth.
double estimated_bytes(const ModelConfig& config, const TransformerOptions& options) {
  const double C = config.hidden_size, F = config.intermediate_size;
  const double query = static_cast<double>(config.heads) * config.head_size;
  const double qkv = query + 2.0 * config.kv_heads * config.head_size;
  const double of_layer = 4 * C + qkv + query + 3 * F;
  const double activations = (config.layers + 2.0) * of_layer * options.max_batch_tokens;
  const double rounded = available_precision(options.precision) == Precision::kFloat32 ? 0 : 1;
  return 4.0 * (activations + (2.0 + rounded) * static_cast<double>(count_parameters(config)));
}

}  // namespace

Result<std::unique_ptr<Transformer>> Transformer::create(const ModelConfig& config,
                                                         const TransformerOptions& options) {
  PITH_TRY(validate(config));
  const int max_sequence = options.max_sequence > 0 ? options.max_sequence : config.context;
  if (options.max_batch_tokens < 1 || options.threads < 1) {
    return input_error("[nn] max_batch_tokens and threads are at least 1: " +
                       std::to_string(options.max_batch_tokens) + " and " +
                       std::to_string(options.threads));
  }
  const double bytes = estimated_bytes(config, options);
  const double machine =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (bytes > machine) {
    return capacity_error(
        "[nn] a model of " + format_count(size(count_parameters(config))) + " parameters with " +
        std::to_string(options.max_batch_tokens) + " tokens a batch needs " +
        format_size(static_cast<std::uint64_t>(bytes)) + " and the machine has " +
        format_size(static_cast<std::uint64_t>(machine)) + "; give a smaller model or batch");
  }
  return std::unique_ptr<Transformer>(
      std::make_unique<LlamaTransformer>(config, size(options.max_batch_tokens),
                                         size(std::min(max_sequence, options.max_batch_tokens)),
                                         options.threads, available_precision(options.precision)));
}

}  // namespace pith
