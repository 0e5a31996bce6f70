#include "pith/infer/session.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "pith/infer/kv_cache.h"
#include "pith/infer/rope_table.h"
#include "pith/infer/worker_team.h"
#include "pith/tensor/cpu/attention_kernels.h"

namespace pith {
namespace {

constexpr std::size_t kPanel = PackedMatrix::kPanel;

std::size_t size(int value) { return static_cast<std::size_t>(value); }

}  // namespace

struct Session::State {
  State(const Model& m, const SessionOptions& options)
      : model(m),
        config(m.config()),
        channels(size(config.hidden_size)),
        heads(size(config.heads)),
        kv_heads(size(config.kv_heads)),
        head_size(size(config.head_size)),
        max_tokens(options.max_tokens > 0 ? std::min(options.max_tokens, config.context)
                                          : config.context),
        team(options.threads),
        cache(m.layers().size(), kv_heads, head_size),
        rope(head_size, config.rope_theta),
        own(size(team.threads())) {
    logits.resize(size(config.vocab_size));
  }

  // What one worker needs for itself.
  struct Own {
    std::vector<float> normed;  // (T, C)
    std::vector<float> scores;  // (positions, in whole blocks)
    std::vector<float> mixed;   // (padded D)
  };

  void grow(std::size_t tokens);
  void run_chunk(std::span<const int> ids, bool all_logits, float* out);
  void layer(std::size_t index, std::size_t tokens, int worker);
  void normalise(std::size_t tokens, const std::vector<float>& gain, int worker);
  void rotate_and_store(std::size_t layer, std::size_t kv_head, std::size_t tokens);
  void attend(std::size_t layer, std::size_t head, std::size_t token, int worker);
  void attention(std::size_t layer, std::size_t tokens, int worker);
  void add_product(const PackedMatrix& w, const float* in, std::size_t in_stride,
                   std::size_t tokens, int worker);

  const Model& model;
  const ModelConfig& config;
  const std::size_t channels, heads, kv_heads, head_size;
  const int max_tokens;
  WorkerTeam team;
  KvCache cache;
  RopeTable rope;
  int length = 0;
  std::vector<int> all_ids;  // (length)

  std::size_t room = 0;           // tokens that the scratch has room for
  AlignedFloats x;                // (T, C), the residual stream
  AlignedFloats qkv;              // (T, (H + 2 G) D)
  AlignedFloats attended;         // (T, H D)
  AlignedFloats product;          // (T, C)
  AlignedFloats gates, activity;  // (T, 2 Fp), (T, Fp)
  std::vector<float> logits;      // (V)
  std::vector<Own> own;
};

void Session::State::grow(std::size_t tokens) {
  const std::size_t positions = size(length) + tokens;
  cache.reserve(positions);
  rope.reserve(positions);
  const std::size_t scores = (positions + KvCache::kBlock - 1) / KvCache::kBlock * KvCache::kBlock;
  for (Own& one : own) one.scores.resize(std::max(one.scores.size(), scores));
  if (tokens <= room) return;
  room = tokens;
  const std::size_t padded = model.layers()[0].gate_up.rows() / 2;
  x = AlignedFloats(room * channels);
  qkv = AlignedFloats(room * (heads + 2 * kv_heads) * head_size);
  attended = AlignedFloats(room * heads * head_size);
  product = AlignedFloats(room * channels);
  gates = AlignedFloats(room * 2 * padded);
  activity = AlignedFloats(room * padded);
  for (Own& one : own) {
    one.normed.resize(room * channels);
    one.mixed.resize(cache.padded_head_size());
  }
}

// Every worker normalises all rows for itself: cheaper than a barrier.
void Session::State::normalise(std::size_t tokens, const std::vector<float>& gain, int worker) {
  for (std::size_t t = 0; t < tokens; ++t) {
    rms_norm_row(x.data() + t * channels, gain.data(), channels,
                 static_cast<float>(config.norm_epsilon),
                 own[size(worker)].normed.data() + t * channels);
  }
}

void Session::State::rotate_and_store(std::size_t index, std::size_t kv_head, std::size_t tokens) {
  const std::size_t stride = (heads + 2 * kv_heads) * head_size;
  const std::size_t group = heads / kv_heads;
  const float scale = 1.0f / std::sqrt(static_cast<float>(head_size));
  for (std::size_t t = 0; t < tokens; ++t) {
    const std::size_t position = size(length) + t;
    float* row = qkv.data() + t * stride;
    for (std::size_t head = kv_head * group; head < (kv_head + 1) * group; ++head) {
      rope.rotate(position, row + head * head_size);
      for (std::size_t d = 0; d < head_size; ++d) row[head * head_size + d] *= scale;
    }
    float* key = row + (heads + kv_head) * head_size;
    rope.rotate(position, key);
    cache.store(position, index, kv_head, key, row + (heads + kv_heads + kv_head) * head_size);
  }
}

void Session::State::attend(std::size_t index, std::size_t head, std::size_t token, int worker) {
  const std::size_t keys = size(length) + token + 1;  // causal
  const std::size_t rounded = (keys + kPanel - 1) / kPanel * kPanel;
  const std::size_t kv_head = head / (heads / kv_heads);
  const float* query = qkv.data() + token * (heads + 2 * kv_heads) * head_size + head * head_size;
  float* scores = own[size(worker)].scores.data();
  constexpr std::size_t kBlock = KvCache::kBlock;
  for (std::size_t first = 0; first < rounded; first += kBlock) {
    score_panels(query, cache.keys(first / kBlock, index, kv_head),
                 std::min(kBlock, rounded - first) / kPanel, head_size, scores + first);
  }
  std::fill(scores + keys, scores + rounded, -std::numeric_limits<float>::infinity());
  const float sum = exp_minus_max(scores, rounded, largest(scores, rounded));
  std::vector<float>& mixed = own[size(worker)].mixed;
  std::fill(mixed.begin(), mixed.end(), 0.0f);
  for (std::size_t first = 0; first < keys; first += kBlock) {
    add_weighted_rows(scores + first, cache.values(first / kBlock, index, kv_head),
                      std::min(kBlock, keys - first), cache.padded_head_size(), mixed.data());
  }
  float* out = attended.data() + (token * heads + head) * head_size;
  for (std::size_t d = 0; d < head_size; ++d) out[d] = mixed[d] / sum;
}

void Session::State::attention(std::size_t index, std::size_t tokens, int worker) {
  const int workers = team.threads();
  const Share share = share_of(kv_heads, worker, workers);
  for (std::size_t kv_head = share.begin; kv_head < share.end; ++kv_head) {
    rotate_and_store(index, kv_head, tokens);
  }
  if (kv_heads % size(workers) == 0) {  // what a worker attends to it has stored itself
    const std::size_t group = heads / kv_heads;
    for (std::size_t head = share.begin * group; head < share.end * group; ++head) {
      for (std::size_t t = 0; t < tokens; ++t) attend(index, head, t, worker);
    }
    return;
  }
  team.barrier();
  for (std::size_t task = size(worker); task < heads * tokens; task += size(workers)) {
    attend(index, task % heads, task / heads, worker);
  }
}

// x += in w^T, this worker's columns.
void Session::State::add_product(const PackedMatrix& w, const float* in, std::size_t in_stride,
                                 std::size_t tokens, int worker) {
  const Share share = share_of(w.panels(), worker, team.threads());
  multiply(w, share.begin, share.end, in, in_stride, tokens, product.data(), channels);
  const std::size_t begin = share.begin * kPanel, end = std::min(share.end * kPanel, channels);
  for (std::size_t t = 0; t < tokens; ++t) {
    float* row = x.data() + t * channels;
    const float* added = product.data() + t * channels;
    for (std::size_t i = begin; i < end; ++i) row[i] += added[i];
  }
}

void Session::State::layer(std::size_t index, std::size_t tokens, int worker) {
  const LayerWeights& weights = model.layers()[index];
  const float* normed = own[size(worker)].normed.data();
  normalise(tokens, weights.attention_norm, worker);
  Share share = share_of(weights.qkv.panels(), worker, team.threads());
  multiply(weights.qkv, share.begin, share.end, normed, channels, tokens, qkv.data(),
           (heads + 2 * kv_heads) * head_size);
  team.barrier();
  attention(index, tokens, worker);
  team.barrier();
  add_product(weights.output, attended.data(), heads * head_size, tokens, worker);
  team.barrier();
  normalise(tokens, weights.mlp_norm, worker);
  const std::size_t padded = weights.gate_up.rows() / 2;
  share = share_of(padded / kPanel, worker, team.threads());
  multiply(weights.gate_up, 2 * share.begin, 2 * share.end, normed, channels, tokens, gates.data(),
           2 * padded);
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t panel = share.begin; panel < share.end; ++panel) {
      const float* gate = gates.data() + t * 2 * padded + 2 * panel * kPanel;
      swiglu_row(gate, gate + kPanel, kPanel, activity.data() + t * padded + panel * kPanel);
    }
  }
  team.barrier();
  add_product(weights.down, activity.data(), padded, tokens, worker);
  team.barrier();
}

// out is (T, V) with all_logits, else (V).
void Session::State::run_chunk(std::span<const int> ids, bool all_logits, float* out) {
  const std::size_t tokens = ids.size();
  grow(tokens);
  for (std::size_t t = 0; t < tokens; ++t) {
    model.embed(ids[t], {x.data() + t * channels, channels});
  }
  team.run([&](int worker) {
    for (std::size_t i = 0; i < model.layers().size(); ++i) layer(i, tokens, worker);
    if (out == nullptr) return;
    const std::size_t first = all_logits ? 0 : tokens - 1;
    float* normed = own[size(worker)].normed.data();
    for (std::size_t t = first; t < tokens; ++t) {
      rms_norm_row(x.data() + t * channels, model.final_norm().data(), channels,
                   static_cast<float>(config.norm_epsilon), normed + t * channels);
    }
    const PackedMatrix& head = model.output_head();
    const Share share = share_of(head.panels(), worker, team.threads());
    multiply(head, share.begin, share.end, normed + first * channels, channels, tokens - first, out,
             head.rows());
  });
  length += static_cast<int>(tokens);
  all_ids.insert(all_ids.end(), ids.begin(), ids.end());
}

Session::Session(const Model& model, const SessionOptions& options)
    : state_(std::make_unique<State>(model, options)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

int Session::length() const { return state_->length; }
std::span<const int> Session::ids() const { return state_->all_ids; }
int Session::max_tokens() const { return state_->max_tokens; }
std::size_t Session::cache_bytes() const { return state_->cache.bytes(); }

namespace {

Status check_ids(std::span<const int> ids, int length, int max_tokens, int vocab_size) {
  if (ids.empty()) return input_error("[infer] no tokens were given; give at least one");
  if (ids.size() > size(max_tokens - length)) {
    return capacity_error("[infer] " + std::to_string(size(length) + ids.size()) +
                          " tokens do not fit in the context of " + std::to_string(max_tokens) +
                          "; give a shorter text");
  }
  for (const int id : ids) {
    if (id < 0 || id >= vocab_size) {
      return input_error("[infer] token id " + std::to_string(id) +
                         " is outside of the model's vocabulary of " + std::to_string(vocab_size) +
                         "; the tokenizer belongs to another model");
    }
  }
  return {};
}

}  // namespace

Result<std::span<const float>> Session::prefill(std::span<const int> ids) {
  State& s = *state_;
  PITH_TRY(check_ids(ids, s.length, s.max_tokens, s.config.vocab_size));
  while (!ids.empty()) {
    const std::size_t tokens = std::min(kChunk, ids.size());
    s.run_chunk(ids.first(tokens), false, tokens == ids.size() ? s.logits.data() : nullptr);
    ids = ids.subspan(tokens);
  }
  return std::span<const float>(s.logits);
}

Status Session::score(std::span<const int> ids, std::span<float> logits) {
  State& s = *state_;
  PITH_TRY(check_ids(ids, s.length, s.max_tokens, s.config.vocab_size));
  PITH_CHECK(logits.size() == ids.size() * s.logits.size(), "logits are (T, V)");
  while (!ids.empty()) {
    const std::size_t tokens = std::min(kChunk, ids.size());
    s.run_chunk(ids.first(tokens), true, logits.data());
    logits = logits.subspan(tokens * s.logits.size());
    ids = ids.subspan(tokens);
  }
  return {};
}

void Session::truncate(int length) {
  PITH_CHECK(length >= 0 && length <= state_->length, "a session shrinks only");
  state_->length = length;
  state_->all_ids.resize(size(length));
  state_->cache.shrink_to(size(length));
}

}  // namespace pith
