#include "pith/infer/session.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "pith/infer/kv_cache.h"
#include "pith/infer/rope_table.h"
#include "pith/infer/served_block.h"
#include "pith/infer/worker_team.h"
#include "pith/ngram/interpolation.h"
#include "pith/tensor/cpu/attention_kernels.h"
#include "pith/tensor/cpu/softcap.h"

namespace pith {
namespace {

std::size_t size(int value) { return static_cast<std::size_t>(value); }

}  // namespace

struct Session::State {
  State(const Model& m, const SessionOptions& options)
      : model(m),
        config(m.config()),
        channels(size(config.hidden_size)),
        needs(scratch_needs(m.network(), channels)),
        max_tokens(options.max_tokens > 0 ? std::min(options.max_tokens, config.context)
                                          : config.context),
        team(options.threads),
        cache(m.layers().size(), cache_shape(m.network())),
        rope(rope_table(m.network(), config.rope_theta)),
        workers(size(team.threads())) {
    logits.resize(size(config.vocab_size));
    for (WorkerScratch& one : workers) {
      if (model.interpolation() != nullptr) one.ngrams.resize(logits.size());
    }
  }

  void grow(std::size_t tokens);
  void run_chunk(std::span<const int> ids, bool all_logits, float* out);
  void normalise(const Pass& pass, const std::vector<float>& gain, int worker);
  void layers(Pass pass, int worker);
  void head(const Pass& pass, std::size_t first, float* out, int worker);
  void mix(const Pass& pass, std::size_t first, float* out, int worker);

  const Model& model;
  const ModelConfig& config;
  const std::size_t channels;
  const ScratchNeeds needs;
  const int max_tokens;
  WorkerTeam team;
  KvCache cache;
  RopeTable rope;
  int length = 0;
  std::vector<int> all_ids;  // (length)

  std::size_t room = 0;                                     // tokens that the scratch has room for
  AlignedFloats x;                                          // (T, C), the residual stream
  AlignedFloats product;                                    // (T, C)
  std::array<AlignedFloats, ScratchNeeds::kShared> shared;  // (T, needs.shared[i])
  std::vector<float> logits;                                // (V)
  std::vector<WorkerScratch> workers;
};

void Session::State::grow(std::size_t tokens) {
  const std::size_t positions = size(length) + tokens;
  cache.reserve(positions);
  rope.reserve(positions);
  const std::size_t scores = (positions + KvCache::kBlock - 1) / KvCache::kBlock * KvCache::kBlock;
  for (WorkerScratch& one : workers) one.scores.resize(std::max(one.scores.size(), scores));
  if (tokens <= room) return;
  room = tokens;
  x = AlignedFloats(room * channels);
  product = AlignedFloats(room * channels);
  for (std::size_t i = 0; i < shared.size(); ++i) {
    if (needs.shared[i] > 0) shared[i] = AlignedFloats(room * needs.shared[i]);
  }
  for (WorkerScratch& one : workers) {
    one.normed.resize(room * channels);
    one.own.resize(room * needs.own);
    one.fixed.resize(needs.own_fixed);
    one.integers.resize(room * needs.own_integers + needs.own_integers_fixed);
  }
}

// Every worker normalises all rows for itself: cheaper than a barrier.
void Session::State::normalise(const Pass& pass, const std::vector<float>& gain, int worker) {
  for (std::size_t t = 0; t < pass.tokens; ++t) {
    rms_norm_row(pass.x + t * channels, gain.data(), channels,
                 static_cast<float>(config.norm_epsilon),
                 pass.own(worker).normed.data() + t * channels);
  }
}

void Session::State::layers(Pass pass, int worker) {
  for (pass.layer = 0; pass.layer < model.layers().size(); ++pass.layer) {
    const Model::ServedLayer& layer = model.layers()[pass.layer];
    normalise(pass, layer.attention_norm, worker);
    layer.attention->forward(pass, worker);
    team.barrier();
    normalise(pass, layer.mlp_norm, worker);
    layer.mlp->forward(pass, worker);
    team.barrier();
  }
}

// Logits of the tokens from `first` on; out is (tokens - first, V).
void Session::State::head(const Pass& pass, std::size_t first, float* out, int worker) {
  float* normed = pass.own(worker).normed.data();
  for (std::size_t t = first; t < pass.tokens; ++t) {
    rms_norm_row(pass.x + t * channels, model.final_norm().data(), channels,
                 static_cast<float>(config.norm_epsilon), normed + t * channels);
  }
  const PackedMatrix& weights = model.output_head();
  const Share share = pass.share(weights.panels(), worker);
  multiply(weights, share.begin, share.end, normed + first * channels, channels,
           pass.tokens - first, out, weights.rows());
  const double cap = model.network().softcap;
  const std::size_t begin = share.begin * PackedMatrix::kPanel;
  const std::size_t end = std::min(share.end * PackedMatrix::kPanel, weights.rows());
  for (std::size_t t = first; cap > 0 && t < pass.tokens && begin < end; ++t) {
    softcap(static_cast<float>(cap), end - begin, out + (t - first) * weights.rows() + begin,
            nullptr);
  }
}

// Mixes what counted n-grams say into logits that all workers made; each row is one worker's.
void Session::State::mix(const Pass& pass, std::size_t first, float* out, int worker) {
  if (model.interpolation() == nullptr) return;
  team.barrier();
  const std::size_t vocab = logits.size();
  const Share share = pass.share(pass.tokens - first, worker);
  for (std::size_t row = share.begin; row < share.end; ++row) {
    interpolate(*model.interpolation(), std::span(all_ids).first(pass.start + first + row + 1),
                {out + row * vocab, vocab}, pass.own(worker).ngrams);
  }
}

// out is (T, V) with all_logits, else (V).
void Session::State::run_chunk(std::span<const int> ids, bool all_logits, float* out) {
  const std::size_t tokens = ids.size();
  grow(tokens);
  all_ids.insert(all_ids.end(), ids.begin(), ids.end());
  for (std::size_t t = 0; t < tokens; ++t) {
    model.embed(std::span(all_ids).first(size(length) + t + 1),
                {x.data() + t * channels, channels});
  }
  Pass pass{.team = team,
            .cache = cache,
            .rope = rope,
            .workers = workers,
            .channels = channels,
            .start = size(length),
            .tokens = tokens,
            .x = x.data(),
            .product = product.data()};
  for (std::size_t i = 0; i < shared.size(); ++i) pass.shared[i] = shared[i].data();
  team.run([&](int worker) {
    layers(pass, worker);
    if (out == nullptr) return;
    const std::size_t first = all_logits ? 0 : tokens - 1;
    head(pass, first, out, worker);
    mix(pass, first, out, worker);
  });
  length += static_cast<int>(tokens);
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
