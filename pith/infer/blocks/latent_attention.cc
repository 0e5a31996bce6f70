#include "pith/infer/blocks/latent_attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "pith/tensor/cpu/attention_kernels.h"

namespace pith {
namespace {

constexpr std::size_t kPanel = PackedMatrix::kPanel;
constexpr std::size_t kBlock = KvCache::kBlock;

std::size_t size(int value) { return static_cast<std::size_t>(value); }

struct Sizes {
  explicit Sizes(const LatentAttention& block)
      : H(size(block.heads)),
        Q(size(block.query_rank)),
        L(size(block.key_value_rank)),
        N(size(block.unturned_size)),
        R(size(block.turned_size)),
        E(size(block.value_size)) {}
  std::size_t queries() const { return H * (N + R); }
  // What is projected from the stream: queries or their latent vector, that of keys and values,
  // and the turned part of the key.
  std::size_t first() const { return Q > 0 ? Q : queries(); }
  std::size_t joint() const { return first() + L + R; }
  std::size_t key() const { return L + R; }  // in the cache

  std::size_t H, Q, L, N, R, E;
};

class ServedLatentAttention : public ServedBlock {
 public:
  explicit ServedLatentAttention(const LatentAttention& block)
      : sizes_(block), epsilon_(static_cast<float>(block.latent_norm_epsilon)) {}

  Status read(std::size_t channels, TensorReader& reader) {
    joint_ = PackedMatrix(sizes_.joint(), channels);
    PITH_TRY(reader.rows(sizes_.first(), 0, joint_));
    PITH_TRY(reader.rows(sizes_.key(), sizes_.first(), joint_));
    if (sizes_.Q > 0) {
      PITH_TRY(reader.vector(sizes_.Q, query_gain_));
      queries_ = PackedMatrix(sizes_.queries(), sizes_.Q);
      PITH_TRY(reader.rows(sizes_.queries(), 0, queries_));
    }
    PITH_TRY(reader.vector(sizes_.L, latent_gain_));
    PITH_TRY(read_heads(reader));
    output_ = PackedMatrix(channels, sizes_.H * sizes_.E);
    return reader.rows(channels, 0, output_);
  }

  void forward(const Pass& pass, int worker) const override;

 private:
  Status read_heads(TensorReader& reader);
  const float* project_queries(const Pass& pass, int worker, std::size_t& stride) const;
  void store(const Pass& pass, std::size_t token, int worker) const;
  void attend(const Pass& pass, std::size_t token, const float* query, float* mixed,
              int worker) const;

  const Sizes sizes_;
  const float epsilon_;
  PackedMatrix joint_;    // (joint, C)
  PackedMatrix queries_;  // (H (N + R), Q), with a latent vector of queries
  std::vector<float> query_gain_, latent_gain_;
  std::vector<PackedMatrix> key_up_;    // of each head: (L, N), K_h^T
  std::vector<PackedMatrix> value_up_;  // of each head: (E, L), V_h
  PackedMatrix output_;                 // (C, H E)
};

// The matrix of keys and values, (H (N + E), L), into those of the heads.
Status ServedLatentAttention::read_heads(TensorReader& reader) {
  const std::size_t N = sizes_.N, E = sizes_.E, L = sizes_.L;
  PITH_ASSIGN(const std::span<const float> values, reader.next(sizes_.H * (N + E), L));
  std::vector<float> transposed(L * N);
  for (std::size_t h = 0; h < sizes_.H; ++h) {
    const auto keys = values.subspan(h * (N + E) * L, N * L);
    for (std::size_t n = 0; n < N; ++n) {
      for (std::size_t l = 0; l < L; ++l) transposed[l * N + n] = keys[n * L + l];
    }
    key_up_.emplace_back(L, N);
    key_up_.back().set_rows(0, transposed);
    value_up_.emplace_back(E, L);
    value_up_.back().set_rows(0, values.subspan((h * (N + E) + N) * L, E * L));
  }
  return {};
}

// The key of a token: its latent vector, normalised, and the turned part.
void ServedLatentAttention::store(const Pass& pass, std::size_t token, int worker) const {
  const float* row = pass.shared[0] + token * sizes_.joint() + sizes_.first();
  float* key = pass.own(worker).fixed.data();
  rms_norm_row(row, latent_gain_.data(), sizes_.L, epsilon_, key);
  std::copy_n(row + sizes_.L, sizes_.R, key + sizes_.L);
  pass.rope.rotate_pairs(pass.start + token, key + sizes_.L);
  pass.cache.store(pass.start + token, pass.layer, 0, key, nullptr);
}

// Queries of all heads and tokens, rows `stride` apart; with a latent vector of queries this
// worker's columns, to be read after a barrier.
const float* ServedLatentAttention::project_queries(const Pass& pass, int worker,
                                                    std::size_t& stride) const {
  if (sizes_.Q == 0) {
    stride = sizes_.joint();
    return pass.shared[0];
  }
  float* latent = pass.own(worker).own.data();  // (T, Q)
  for (std::size_t t = 0; t < pass.tokens; ++t) {
    rms_norm_row(pass.shared[0] + t * sizes_.joint(), query_gain_.data(), sizes_.Q, epsilon_,
                 latent + t * sizes_.Q);
  }
  stride = sizes_.queries();
  const Share share = pass.share(queries_.panels(), worker);
  multiply(queries_, share.begin, share.end, latent, sizes_.Q, pass.tokens, pass.shared[1], stride);
  return pass.shared[1];
}

// mixed (L) = sum p latent over the tokens so far; query is (L + R).
void ServedLatentAttention::attend(const Pass& pass, std::size_t token, const float* query,
                                   float* mixed, int worker) const {
  const std::size_t keys = pass.start + token + 1;  // causal
  const std::size_t rounded = (keys + kPanel - 1) / kPanel * kPanel;
  float* scores = pass.own(worker).scores.data();
  const auto panels = [&](std::size_t first) { return std::min(kBlock, rounded - first) / kPanel; };
  for (std::size_t first = 0; first < rounded; first += kBlock) {
    score_panels(query, pass.cache.keys(first / kBlock, pass.layer, 0), panels(first), sizes_.key(),
                 scores + first);
  }
  std::fill(scores + keys, scores + rounded, -std::numeric_limits<float>::infinity());
  const float sum = exp_minus_max(scores, rounded, largest(scores, rounded));
  std::fill_n(mixed, sizes_.L, 0.0f);
  for (std::size_t first = 0; first < rounded; first += kBlock) {
    add_weighted_panels(scores + first, pass.cache.keys(first / kBlock, pass.layer, 0),
                        panels(first), sizes_.key(), sizes_.L, mixed);
  }
  for (std::size_t l = 0; l < sizes_.L; ++l) mixed[l] /= sum;
}

void ServedLatentAttention::forward(const Pass& pass, int worker) const {
  const std::size_t T = pass.tokens, D = sizes_.N + sizes_.R, E = sizes_.E;
  Share share = pass.share(joint_.panels(), worker);
  multiply(joint_, share.begin, share.end, pass.own(worker).normed.data(), pass.channels, T,
           pass.shared[0], sizes_.joint());
  pass.team.barrier();
  share = pass.share(T, worker);
  for (std::size_t t = share.begin; t < share.end; ++t) store(pass, t, worker);
  std::size_t stride = 0;
  const float* queries = project_queries(pass, worker, stride);
  pass.team.barrier();

  float* absorbed = pass.own(worker).own.data();  // (T, L + R)
  float* mixed = absorbed + T * sizes_.key();     // (T, L)
  const float scale = 1.0f / std::sqrt(static_cast<float>(D));
  share = pass.share(sizes_.H, worker);
  for (std::size_t h = share.begin; h < share.end; ++h) {
    multiply(key_up_[h], 0, key_up_[h].panels(), queries + h * D, stride, T, absorbed,
             sizes_.key());
    for (std::size_t t = 0; t < T; ++t) {
      float* query = absorbed + t * sizes_.key();
      std::copy_n(queries + t * stride + h * D + sizes_.N, sizes_.R, query + sizes_.L);
      pass.rope.rotate_pairs(pass.start + t, query + sizes_.L);
      for (std::size_t i = 0; i < sizes_.key(); ++i) query[i] *= scale;
      attend(pass, t, query, mixed + t * sizes_.L, worker);
    }
    multiply(value_up_[h], 0, value_up_[h].panels(), mixed, sizes_.L, T, pass.shared[2] + h * E,
             sizes_.H * E);
  }
  pass.team.barrier();
  add_product(pass, output_, pass.shared[2], sizes_.H * E, worker);
}

}  // namespace

Result<std::unique_ptr<ServedBlock>> read_block(const LatentAttention& block, std::size_t channels,
                                                double /*norm_epsilon*/, TensorReader& reader) {
  auto served = std::make_unique<ServedLatentAttention>(block);
  PITH_TRY(served->read(channels, reader));
  return std::unique_ptr<ServedBlock>(std::move(served));
}

ScratchNeeds scratch_needs(const LatentAttention& block, std::size_t /*channels*/) {
  const Sizes sizes(block);
  ScratchNeeds needs;
  needs.shared[0] = sizes.joint();
  if (sizes.Q > 0) needs.shared[1] = sizes.queries();
  needs.shared[2] = sizes.H * sizes.E;
  needs.own = std::max(sizes.Q, sizes.key() + sizes.L);
  needs.own_fixed = sizes.key();
  return needs;
}

std::uint64_t served_bytes(const LatentAttention& block, std::size_t channels) {
  const Sizes sizes(block);
  return packed_bytes(sizes.joint(), channels) +
         (sizes.Q > 0 ? packed_bytes(sizes.queries(), sizes.Q) : 0) +
         sizes.H * (packed_bytes(sizes.L, sizes.N) + packed_bytes(sizes.E, sizes.L)) +
         packed_bytes(channels, sizes.H * sizes.E) + sizeof(float) * (sizes.Q + sizes.L);
}

CacheShape cache_shape(const LatentAttention& block) { return {1, Sizes(block).key(), 0}; }

RopeTable rope_table(const LatentAttention& block, double theta) { return {Sizes(block).R, theta}; }

}  // namespace pith
