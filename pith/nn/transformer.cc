#include "pith/nn/transformer.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "pith/base/check.h"
#include "pith/base/threads.h"
#include "pith/base/units.h"
#include "pith/model/architecture.h"
#include "pith/model/parameters.h"
#include "pith/nn/output_head.h"
#include "pith/nn/parameter_store.h"
#include "pith/nn/recorded_network.h"
#include "pith/nn/tape.h"

namespace pith {
namespace {

std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

class NetworkTransformer : public Transformer {
 public:
  NetworkTransformer(const ModelConfig& config, std::size_t max_rows, std::size_t max_sequence,
                     const TransformerOptions& options)
      : config_(config),
        options_(options),
        precision_(available_precision(options.precision)),
        max_rows_(max_rows),
        max_sequence_(max_sequence),
        pool_(options.threads),
        store_(config),
        network_(config_, max_sequence, options.sequence_balance, store_, tape_),
        head_(network_.result(), network_.head(), size(config.vocab_size), network_.softcap()),
        begin_(max_rows),
        positions_(max_rows) {
    std::vector<Activation*> results = {network_.result()};
    if (network_.second_result() != nullptr) {
      results.push_back(network_.second_result());
      second_head_ = std::make_unique<OutputHead>(network_.second_result(), network_.head(),
                                                  size(config.vocab_size), network_.softcap());
      next_tokens_.resize(max_rows);
      second_targets_.resize(max_rows);
    }
    tape_.plan(results, max_rows, pool_, precision_);
    head_.reserve(max_rows, pool_, precision_);
    if (second_head_ != nullptr) second_head_->reserve(max_rows, pool_, precision_);
  }

  const ModelConfig& config() const override { return config_; }
  Precision precision() const override { return precision_; }
  std::span<Parameter> parameters() override { return store_.parameters(); }

  void zero_gradients() override {
    gradients_are_zero_ = true;
    for (const auto& layer : network_.expert_layers()) layer.routing->begin_step();
  }
  LossSum second_loss() const override { return second_loss_; }
  void end_step() override {
    for (const auto& layer : network_.expert_layers()) {
      layer.routing->end_step(options_.router_bias_rate, layer.bias);
    }
  }
  std::vector<ExpertLoad> expert_loads() const override {
    std::vector<ExpertLoad> loads;
    for (const auto& layer : network_.expert_layers()) {
      loads.push_back({layer.layer, layer.routing->loads(), layer.routing->idle_steps()});
    }
    return loads;
  }
  LossSum loss(const TokenBatch& batch) override {
    const Step step = prepare(batch, true);
    tape_.forward(step);
    head_.loss(step);
    return sum(step, head_);
  }
  std::span<const float> losses() const override { return head_.losses(); }
  LossSum loss_and_gradients(const TokenBatch& batch, double scale) override;
  void logits(const TokenBatch& batch, std::span<float> out) override {
    const Step step = prepare(batch, false);
    PITH_CHECK(out.size() == step.rows() * size(config_.vocab_size), "logits are (B, T, V)");
    tape_.forward(step);
    head_.logits(step, out.data());
  }

 private:
  Step prepare(const TokenBatch& batch, bool with_targets);
  LossSum sum(const Step& step, const OutputHead& head) const;
  void look_ahead(Step& step);
  void second_loss_and_gradients(Step step, double scale);

  const ModelConfig config_;
  const TransformerOptions options_;
  const Precision precision_;
  const std::size_t max_rows_, max_sequence_;
  ThreadPool pool_;
  ParameterStore store_;
  Tape tape_;
  RecordedNetwork network_;
  OutputHead head_;
  std::unique_ptr<OutputHead> second_head_;        // of the token after the next, or null
  std::vector<int> begin_, positions_;             // (rows), of the batch at hand
  std::vector<int> next_tokens_, second_targets_;  // (rows), with a second head
  LossSum second_loss_;
  bool gradients_are_zero_ = true;
};

Step NetworkTransformer::prepare(const TokenBatch& batch, bool with_targets) {
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

LossSum NetworkTransformer::sum(const Step& step, const OutputHead& head) const {
  LossSum result;
  for (std::size_t i = 0; i < step.rows(); ++i) {
    result.nats += static_cast<double>(head.losses()[i]);
    if (step.targets[i] >= 0) ++result.counted;
  }
  return result;
}

// For every token the one that follows in its document, as far as the batch knows it, and the
// target after its target; -1 where there is none.
void NetworkTransformer::look_ahead(Step& step) {
  for (std::size_t i = 0; i < step.rows(); ++i) {
    const bool inside = (i + 1) % step.T != 0 && begin_[i + 1] == begin_[i];
    const int target = step.targets[i];
    next_tokens_[i] = inside ? step.tokens[i + 1] : target >= 0 ? target : step.tokens[i];
    second_targets_[i] = inside ? step.targets[i + 1] : -1;
  }
  step.next_tokens = next_tokens_.data();
}

void NetworkTransformer::second_loss_and_gradients(Step step, double scale) {
  step.targets = second_targets_.data();
  const auto counted = std::count_if(
      second_targets_.begin(), second_targets_.begin() + static_cast<std::ptrdiff_t>(step.rows()),
      [](int target) { return target >= 0; });
  const double weight = scale * static_cast<double>(options_.second_token_weight);
  step.loss_scale = counted > 0 ? static_cast<float>(weight / static_cast<double>(counted)) : 0.0f;
  step.add_gradients = true;  // the first head wrote them
  second_head_->loss_and_gradients(step);
  second_loss_ = sum(step, *second_head_);
}

LossSum NetworkTransformer::loss_and_gradients(const TokenBatch& batch, double scale) {
  Step step = prepare(batch, true);
  if (second_head_ != nullptr) look_ahead(step);
  step.pass_scale = static_cast<float>(scale);
  const auto counted = std::count_if(batch.targets.begin(), batch.targets.end(),
                                     [](int target) { return target >= 0; });
  step.loss_scale = counted > 0 ? static_cast<float>(scale / static_cast<double>(counted)) : 0.0f;
  step.add_gradients = !gradients_are_zero_;
  step.gradients = true;
  tape_.forward(step);
  head_.loss_and_gradients(step);
  if (second_head_ != nullptr) second_loss_and_gradients(step, scale);
  tape_.backward(step);
  gradients_are_zero_ = false;
  return sum(step, head_);
}

// Floats that a block keeps for every token, from above.
double kept_floats(const GroupedAttention& block) {
  const double queries = static_cast<double>(block.heads) * block.head_size;
  const double qkv = queries + 2.0 * block.kv_heads * block.head_size;
  return queries + qkv * (block.head_norm == GroupedAttention::HeadNorm::kNone ? 1 : 2);
}
double kept_floats(const LatentAttention& block) {
  const double D = block.unturned_size + block.turned_size, E = block.value_size;
  return block.heads * (3 * D + block.unturned_size + 3 * E) +
         2.0 * (block.query_rank + block.key_value_rank + block.turned_size);
}
double kept_floats(const Mlp& block) { return 3.0 * block.width; }
double kept_floats(const Experts& block) {
  return 3.0 * (block.chosen * block.width + block.shared_width) + 2.0 * block.routed;
}

// What create() takes, from above; activations are shared less in truth.
double estimated_bytes(const ModelConfig& config, const TransformerOptions& options) {
  double of_token = 0, at_once = 0;
  const Network network = network_of(config);
  std::vector<Layer> layers = network.layers;
  layers.insert(layers.end(), network.prediction.begin(), network.prediction.end());
  for (const Layer& layer : layers) {
    if (const auto* experts = std::get_if<Experts>(&layer.mlp)) {
      at_once = 4.0 * experts->chosen * config.hidden_size;  // inputs, results, their gradients
    }
    const auto kept = [](const auto& block) { return kept_floats(block); };
    of_token +=
        4.0 * config.hidden_size + std::visit(kept, layer.attention) + std::visit(kept, layer.mlp);
  }
  of_token = of_token * (config.layers + 2.0) / config.layers + at_once;
  const double rounded = available_precision(options.precision) == Precision::kFloat32 ? 0 : 1;
  return 4.0 * (of_token * options.max_batch_tokens +
                (2.0 + rounded) * static_cast<double>(count_parameters(config)));
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
  return std::unique_ptr<Transformer>(std::make_unique<NetworkTransformer>(
      config, size(options.max_batch_tokens),
      size(std::min(max_sequence, options.max_batch_tokens)), options));
}

}  // namespace pith
