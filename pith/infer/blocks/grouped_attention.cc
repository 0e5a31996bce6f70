#include "pith/infer/blocks/grouped_attention.h"

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
using HeadNorm = GroupedAttention::HeadNorm;

std::size_t size(int value) { return static_cast<std::size_t>(value); }

class ServedGroupedAttention : public ServedBlock {
 public:
  ServedGroupedAttention(const GroupedAttention& block, double norm_epsilon)
      : heads_(size(block.heads)),
        kv_heads_(size(block.kv_heads)),
        head_size_(size(block.head_size)),
        head_norm_(block.head_norm),
        epsilon_(static_cast<float>(norm_epsilon)) {}

  Status read(const GroupedAttention& block, std::size_t channels, TensorReader& reader) {
    const std::size_t query_rows = heads_ * head_size_, kv_rows = kv_heads_ * head_size_;
    qkv_ = PackedMatrix(query_rows + 2 * kv_rows, channels);
    PITH_TRY(reader.rows(query_rows, 0, qkv_));
    PITH_TRY(reader.rows(kv_rows, query_rows, qkv_));
    PITH_TRY(reader.rows(kv_rows, query_rows + kv_rows, qkv_));
    if (head_norm_ != HeadNorm::kNone) {
      PITH_TRY(reader.gain(head_size_, block.head_norm_gains, query_gain_));
      PITH_TRY(reader.gain(head_size_, block.head_norm_gains, key_gain_));
    }
    output_ = PackedMatrix(channels, query_rows);
    return reader.rows(channels, 0, output_);
  }

  void forward(const Pass& pass, int worker) const override {
    const Share share = pass.share(qkv_.panels(), worker);
    multiply(qkv_, share.begin, share.end, pass.own(worker).normed.data(), pass.channels,
             pass.tokens, pass.shared[0], qkv_.rows());
    pass.team.barrier();
    attention(pass, worker);
    pass.team.barrier();
    add_product(pass, output_, pass.shared[1], heads_ * head_size_, worker);
  }

 private:
  void attention(const Pass& pass, int worker) const;
  void turn(const Pass& pass, std::size_t position, const std::vector<float>& gain,
            float* head) const;
  void turn_and_store(const Pass& pass, std::size_t kv_head) const;
  void attend(const Pass& pass, std::size_t head, std::size_t token, int worker) const;

  const std::size_t heads_, kv_heads_, head_size_;
  const HeadNorm head_norm_;
  const float epsilon_;
  PackedMatrix qkv_;                          // ((H + 2 G) D, C): queries, keys, values
  PackedMatrix output_;                       // (C, H D)
  std::vector<float> query_gain_, key_gain_;  // (D), with a head norm
};

void ServedGroupedAttention::turn(const Pass& pass, std::size_t position,
                                  const std::vector<float>& gain, float* head) const {
  if (head_norm_ != HeadNorm::kBeforeRope) pass.rope.rotate(position, head);
  if (head_norm_ != HeadNorm::kNone) rms_norm_row(head, gain.data(), head_size_, epsilon_, head);
  if (head_norm_ == HeadNorm::kBeforeRope) pass.rope.rotate(position, head);
}

void ServedGroupedAttention::turn_and_store(const Pass& pass, std::size_t kv_head) const {
  const std::size_t group = heads_ / kv_heads_;
  const float scale = 1.0f / std::sqrt(static_cast<float>(head_size_));
  for (std::size_t t = 0; t < pass.tokens; ++t) {
    const std::size_t position = pass.start + t;
    float* row = pass.shared[0] + t * qkv_.rows();
    for (std::size_t head = kv_head * group; head < (kv_head + 1) * group; ++head) {
      float* query = row + head * head_size_;
      turn(pass, position, query_gain_, query);
      for (std::size_t d = 0; d < head_size_; ++d) query[d] *= scale;
    }
    float* key = row + (heads_ + kv_head) * head_size_;
    turn(pass, position, key_gain_, key);
    pass.cache.store(position, pass.layer, kv_head, key, key + kv_heads_ * head_size_);
  }
}

void ServedGroupedAttention::attend(const Pass& pass, std::size_t head, std::size_t token,
                                    int worker) const {
  const std::size_t keys = pass.start + token + 1;  // causal
  const std::size_t rounded = (keys + kPanel - 1) / kPanel * kPanel;
  const std::size_t kv_head = head / (heads_ / kv_heads_);
  const std::size_t padded = pass.cache.shape().padded_value_size();
  const float* query = pass.shared[0] + token * qkv_.rows() + head * head_size_;
  float* scores = pass.own(worker).scores.data();
  for (std::size_t first = 0; first < rounded; first += kBlock) {
    score_panels(query, pass.cache.keys(first / kBlock, pass.layer, kv_head),
                 std::min(kBlock, rounded - first) / kPanel, head_size_, scores + first);
  }
  std::fill(scores + keys, scores + rounded, -std::numeric_limits<float>::infinity());
  const float sum = exp_minus_max(scores, rounded, largest(scores, rounded));
  float* mixed = pass.own(worker).fixed.data();
  std::fill(mixed, mixed + padded, 0.0f);
  for (std::size_t first = 0; first < keys; first += kBlock) {
    add_weighted_rows(scores + first, pass.cache.values(first / kBlock, pass.layer, kv_head),
                      std::min(kBlock, keys - first), padded, mixed);
  }
  float* out = pass.shared[1] + (token * heads_ + head) * head_size_;
  for (std::size_t d = 0; d < head_size_; ++d) out[d] = mixed[d] / sum;
}

void ServedGroupedAttention::attention(const Pass& pass, int worker) const {
  const std::size_t workers = size(pass.team.threads());
  const Share share = pass.share(kv_heads_, worker);
  for (std::size_t kv_head = share.begin; kv_head < share.end; ++kv_head) {
    turn_and_store(pass, kv_head);
  }
  if (kv_heads_ % workers == 0) {  // what a worker attends to it has stored itself
    const std::size_t group = heads_ / kv_heads_;
    for (std::size_t head = share.begin * group; head < share.end * group; ++head) {
      for (std::size_t t = 0; t < pass.tokens; ++t) attend(pass, head, t, worker);
    }
    return;
  }
  pass.team.barrier();
  for (std::size_t task = size(worker); task < heads_ * pass.tokens; task += workers) {
    attend(pass, task % heads_, task / heads_, worker);
  }
}

}  // namespace

Result<std::unique_ptr<ServedBlock>> read_block(const GroupedAttention& block, std::size_t channels,
                                                double norm_epsilon, TensorReader& reader) {
  auto served = std::make_unique<ServedGroupedAttention>(block, norm_epsilon);
  PITH_TRY(served->read(block, channels, reader));
  return std::unique_ptr<ServedBlock>(std::move(served));
}

ScratchNeeds scratch_needs(const GroupedAttention& block, std::size_t /*channels*/) {
  const std::size_t D = size(block.head_size);
  ScratchNeeds needs;
  needs.shared[0] = size(block.heads + 2 * block.kv_heads) * D;
  needs.shared[1] = size(block.heads) * D;
  needs.own_fixed = cache_shape(block).padded_value_size();
  return needs;
}

std::uint64_t served_bytes(const GroupedAttention& block, std::size_t channels) {
  const std::size_t D = size(block.head_size), queries = size(block.heads) * D;
  return packed_bytes(queries + 2 * size(block.kv_heads) * D, channels) +
         packed_bytes(channels, queries) + 2 * sizeof(float) * D;
}

CacheShape cache_shape(const GroupedAttention& block) {
  return {size(block.kv_heads), size(block.head_size), size(block.head_size)};
}

RopeTable rope_table(const GroupedAttention& block, double theta) {
  return {size(block.head_size), theta, block.rope_turns_back};
}

}  // namespace pith
