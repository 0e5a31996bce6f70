#include "pith/nn/recorded_network.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "pith/base/check.h"
#include "pith/model/architecture.h"
#include "pith/nn/ops/attention_op.h"
#include "pith/nn/ops/embedding_op.h"
#include "pith/nn/ops/head_norm_op.h"
#include "pith/nn/ops/linear_op.h"
#include "pith/nn/ops/ngram_embedding_op.h"
#include "pith/nn/ops/relu_squared_op.h"
#include "pith/nn/ops/rms_norm_op.h"
#include "pith/nn/ops/rope_op.h"
#include "pith/nn/ops/swiglu_op.h"

namespace pith {
namespace {

std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

}  // namespace

RecordedNetwork::RecordedNetwork(const ModelConfig& config, std::size_t max_sequence,
                                 ParameterStore& store, Tape& tape)
    : config_(config),
      network_(network_of(config)),
      max_sequence_(max_sequence),
      channels_(size(config.hidden_size)),
      epsilon_(static_cast<float>(config.norm_epsilon)),
      store_(store),
      tape_(tape),
      ones_(size(std::max(config.hidden_size, config.head_size)), 1.0f) {
  stream_ = tape_.activation(channels_);
  tape_.add(embedding_op(store_.next(), size(config.vocab_size), config.tie_embeddings, stream_));
  if (!network_.ngrams.empty()) added_ = ngrams();
  if (network_.norm_embedding) {
    Activation* embedded = std::exchange(stream_, tape_.activation(channels_));
    tape_.add(rms_norm_op(embedded, std::exchange(added_, nullptr), gain(channels_, false),
                          epsilon_, tape_.activation(channels_), stream_));
  }
  for (const Layer& layer : network_.layers) record(layer);
  result_ = norm_stream();
  head_ = config.tie_embeddings ? store_.first() : store_.next();
  PITH_CHECK(store_.taken() == store_.parameters().size(), "every parameter is used");
}

Activation* RecordedNetwork::ngrams() {
  std::vector<NgramTable> tables;
  for (const NgramEmbedding& ngram : network_.ngrams) {
    const Parameter& table = store_.next_table();
    tables.push_back({size(ngram.n), size(ngram.rows), table.value.data(), table.rows});
  }
  Activation* sum = tape_.activation(channels_);
  tape_.add(ngram_embedding_op(std::move(tables), sum));
  return sum;
}

void RecordedNetwork::record(const Layer& layer) {
  added_ =
      std::visit([&](const auto& block) { return record(block, norm_stream()); }, layer.attention);
  added_ = std::visit([&](const auto& block) { return record(block, norm_stream()); }, layer.mlp);
}

Activation* RecordedNetwork::record(const GroupedAttention& block, Activation* x) {
  using HeadNorm = GroupedAttention::HeadNorm;
  const std::size_t H = size(block.heads), G = size(block.kv_heads), D = size(block.head_size);
  Activation* qkv = linear(x, (H + 2 * G) * D, 2);
  const auto turn = [&] {
    Activation* turned = tape_.activation(qkv->width);
    tape_.add(rope_op(qkv, angles(D, block.rope_turns_back), H + G, D, turned));
    qkv = turned;
  };
  if (block.head_norm != HeadNorm::kBeforeRope) turn();
  if (block.head_norm != HeadNorm::kNone) {
    const Weight queries = gain(D, block.head_norm_gains), keys = gain(D, block.head_norm_gains);
    Activation* normed = tape_.activation(qkv->width);
    tape_.add(head_norm_op(qkv, queries, keys, H, G, D, epsilon_, normed));
    qkv = normed;
  }
  if (block.head_norm == HeadNorm::kBeforeRope) turn();
  Activation* attended = tape_.activation(H * D);
  tape_.add(attention_op(qkv, H, G, D, max_sequence_, attended));
  return linear(attended, channels_);
}

Activation* RecordedNetwork::record(const Mlp& block, Activation* x) {
  const std::size_t F = size(block.width);
  const bool gated = block.kind == Mlp::Kind::kSwiglu;
  Activation* wide = gated ? linear(x, 2 * F, 1) : linear(x, F);
  Activation* active = tape_.activation(F);
  tape_.add(gated ? swiglu_op(wide, active) : relu_squared_op(wide, active));
  return linear(active, channels_);
}

Activation* RecordedNetwork::linear(Activation* x, std::size_t width, std::size_t more) {
  Activation* out = tape_.activation(width);
  tape_.add(linear_op(x, store_.next(more), out));
  return out;
}

Activation* RecordedNetwork::norm_stream() {
  Activation* sum = tape_.activation(channels_);
  Activation* out = tape_.activation(channels_);
  tape_.add(rms_norm_op(stream_, std::exchange(added_, nullptr),
                        gain(channels_, network_.norm_gains), epsilon_, sum, out));
  stream_ = sum;
  return out;
}

Weight RecordedNetwork::gain(std::size_t width, bool learned) {
  if (learned) return store_.next();
  PITH_CHECK(width <= ones_.size(), "a gain has the width of the model or of a head");
  return {ones_.data(), nullptr};
}

const RopeAngles& RecordedNetwork::angles(std::size_t D, bool turn_back) {
  for (const Angles& one : angles_) {
    if (one.D == D && one.turn_back == turn_back) return one.values;
  }
  angles_.push_back({D, turn_back, RopeAngles(max_sequence_, D, config_.rope_theta, turn_back)});
  return angles_.back().values;
}

}  // namespace pith
