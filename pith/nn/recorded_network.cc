#include "pith/nn/recorded_network.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "pith/base/check.h"
#include "pith/model/architecture.h"
#include "pith/nn/ops/attention_op.h"
#include "pith/nn/ops/columns_op.h"
#include "pith/nn/ops/embedding_op.h"
#include "pith/nn/ops/fork_op.h"
#include "pith/nn/ops/head_norm_op.h"
#include "pith/nn/ops/latent_qkv_op.h"
#include "pith/nn/ops/linear_op.h"
#include "pith/nn/ops/ngram_embedding_op.h"
#include "pith/nn/ops/relu_squared_op.h"
#include "pith/nn/ops/rms_norm_op.h"
#include "pith/nn/ops/rope_op.h"
#include "pith/nn/ops/router_op.h"
#include "pith/nn/ops/swiglu_op.h"

namespace pith {
namespace {

std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

}  // namespace

RecordedNetwork::RecordedNetwork(const ModelConfig& config, std::size_t max_sequence,
                                 float sequence_balance, ParameterStore& store, Tape& tape)
    : config_(config),
      network_(network_of(config)),
      max_sequence_(max_sequence),
      channels_(size(config.hidden_size)),
      epsilon_(static_cast<float>(config.norm_epsilon)),
      sequence_balance_(sequence_balance),
      store_(store),
      tape_(tape),
      ones_(size(std::max(config.hidden_size, config.head_size)), 1.0f) {
  const bool shared = config.tie_embeddings || !network_.prediction.empty();
  embedding_ = store_.next();
  stream_ = tape_.activation(channels_);
  tape_.add(embedding_op(embedding_, size(config.vocab_size), shared, stream_));
  if (!network_.ngrams.empty()) added_ = ngrams();
  if (network_.norm_embedding) {
    Activation* embedded = std::exchange(stream_, tape_.activation(channels_));
    tape_.add(rms_norm_op(embedded, std::exchange(added_, nullptr), gain(channels_, false),
                          epsilon_, tape_.activation(channels_), stream_));
  }
  for (const Layer& layer : network_.layers) record(layer);
  result_ = norm_stream();
  head_ = config.tie_embeddings ? store_.first() : store_.next();
  for (const Layer& layer : network_.prediction) record_prediction(layer);
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
  ++layer_;
}

// From the normalised stream h of the model and the token that follows: a layer that predicts the
// one after, with the model's own embedding and head.
void RecordedNetwork::record_prediction(const Layer& layer) {
  tape_.end_of_model();
  const Weight embedding_gain = gain(channels_, true), stream_gain = gain(channels_, true);
  Activation* seen_by_head = tape_.activation(channels_);
  Activation* stream = tape_.activation(channels_);
  tape_.add(rms_norm_op(result_, nullptr, stream_gain, epsilon_, seen_by_head, stream));
  result_ = seen_by_head;
  Activation* next = tape_.activation(channels_);
  // The first to write the embedding's gradient, unless the head is the embedding.
  tape_.add(embedding_op(embedding_, size(config_.vocab_size), config_.tie_embeddings, next,
                         &Step::next_tokens));
  Activation* joined = tape_.activation(2 * channels_);
  tape_.add(join_columns_op({norm(next, embedding_gain, epsilon_), stream}, joined));
  stream_ = linear(joined, channels_);
  record(layer);
  second_result_ = norm_stream();
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
  tape_.add(attention_op(qkv, {max_sequence_, H, G, D}, attended));
  return linear(attended, channels_);
}

Activation* RecordedNetwork::record(const LatentAttention& block, Activation* x) {
  const LatentShape shape{.H = size(block.heads),
                          .N = size(block.unturned_size),
                          .R = size(block.turned_size),
                          .E = size(block.value_size)};
  const std::size_t D = shape.N + shape.R, queries = shape.H * D;
  const auto epsilon = static_cast<float>(block.latent_norm_epsilon);
  const std::size_t first = block.query_rank > 0 ? size(block.query_rank) : queries;
  Activation* query = tape_.activation(first);
  Activation* latent = tape_.activation(size(block.key_value_rank));
  Activation* position_key = tape_.activation(shape.R);
  Activation* joint = linear(x, first + latent->width + shape.R, 1);
  tape_.add(split_columns_op(joint, {query, latent, position_key}));
  if (block.query_rank > 0) query = linear(norm(query, gain(first, true), epsilon), queries);
  latent = norm(latent, gain(latent->width, true), epsilon);
  Activation* key_value = linear(latent, shape.H * (shape.N + shape.E));
  Activation* qkv = tape_.activation(2 * queries + shape.H * shape.E);
  tape_.add(latent_qkv_op(query, key_value, position_key, angles(shape.R, false), shape, qkv));
  Activation* attended = tape_.activation(shape.H * shape.E);
  tape_.add(attention_op(qkv, {max_sequence_, shape.H, shape.H, D, shape.E}, attended));
  return linear(attended, channels_);
}

Activation* RecordedNetwork::record_gated(std::size_t width, Activation* x) {
  Activation* gate_up = linear(x, 2 * width, 1);
  Activation* active = tape_.activation(width);
  tape_.add(swiglu_op(gate_up, active));
  return linear(active, channels_);
}

Activation* RecordedNetwork::record(const Mlp& block, Activation* x) {
  const std::size_t F = size(block.width);
  if (block.kind == Mlp::Kind::kSwiglu) return record_gated(F, x);
  Activation* wide = linear(x, F);
  Activation* active = tape_.activation(F);
  tape_.add(relu_squared_op(wide, active));
  return linear(active, channels_);
}

Activation* RecordedNetwork::record(const Experts& block, Activation* x) {
  const ExpertChoice choice{.experts = size(block.routed),
                            .chosen = size(block.chosen),
                            .groups = size(block.groups),
                            .kept_groups = size(block.kept_groups),
                            .normalise = block.normalise,
                            .scale = static_cast<float>(block.scale)};
  Activation* seen_by_router = tape_.activation(channels_);
  Activation* seen_by_experts = tape_.activation(channels_);
  Activation* seen_by_shared = tape_.activation(channels_);
  tape_.add(fork_op(x, {seen_by_shared, seen_by_experts, seen_by_router}));

  Activation* logits = tape_.activation(choice.experts);
  tape_.add(linear_op(seen_by_router, store_.next(), logits, /*exact=*/true));
  float* bias = store_.next().value;
  expert_layers_.push_back({layer_, std::make_unique<Routing>(choice), bias});
  Routing& routing = *expert_layers_.back().routing;
  Activation* weights = tape_.activation(choice.chosen);
  tape_.add(router_op(logits, bias, sequence_balance_, routing, weights));

  const Weight matrices = store_.next(3 * choice.experts - 1);
  Activation* shared = record_gated(size(block.shared_width), seen_by_shared);
  Activation* slots = tape_.activation(choice.chosen * channels_);
  Activation* sum = tape_.activation(channels_);
  tape_.add(experts_op(seen_by_experts, weights, matrices, size(block.width), routing, workspace_,
                       slots, sum));
  tape_.add(sum_experts_op(slots, shared, routing, sum));
  return sum;
}

Activation* RecordedNetwork::linear(Activation* x, std::size_t width, std::size_t more) {
  Activation* out = tape_.activation(width);
  tape_.add(linear_op(x, store_.next(more), out));
  return out;
}

// x by itself: it is read by nothing else.
Activation* RecordedNetwork::norm(Activation* x, Weight gain, float epsilon) {
  Activation* out = tape_.activation(x->width);
  tape_.add(rms_norm_op(x, nullptr, gain, epsilon, tape_.activation(x->width), out));
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
