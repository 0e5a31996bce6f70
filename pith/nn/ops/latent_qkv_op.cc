#include "pith/nn/ops/latent_qkv_op.h"

#include <algorithm>

namespace pith {
namespace {

class LatentQkvOp : public Op {
 public:
  LatentQkvOp(Activation* query, Activation* key_value, Activation* position_key,
              const RopeAngles& angles, const LatentShape& shape, Activation* qkv)
      : query_(query),
        key_value_(key_value),
        position_key_(position_key),
        angles_(angles),
        H_(shape.H),
        N_(shape.N),
        R_(shape.R),
        E_(shape.E),
        qkv_(qkv) {
    for (Activation* input : inputs()) input->kept = false;
  }

  std::vector<Activation*> inputs() const override { return {query_, key_value_, position_key_}; }
  std::vector<Activation*> outputs() const override { return {qkv_}; }

  void forward(const Step& step, const Task& task) override {
    const std::size_t D = N_ + R_;
    for (std::size_t t = task.begin; t < task.end; ++t) {
      const auto position = static_cast<std::size_t>(step.positions[t]);
      float* queries = qkv_->value + t * qkv_->width;
      float* keys = queries + H_ * D;
      float* values = keys + H_ * D;
      std::copy_n(query_->value + t * query_->width, H_ * D, queries);
      const float* from = key_value_->value + t * key_value_->width;
      const float* shared = position_key_->value + t * R_;
      for (std::size_t h = 0; h < H_; ++h) {
        std::copy_n(from + h * (N_ + E_), N_, keys + h * D);
        std::copy_n(shared, R_, keys + h * D + N_);
        std::copy_n(from + h * (N_ + E_) + N_, E_, values + h * E_);
      }
      rope_pairs(angles_, position, 2 * H_, D, R_, RopeDirection::kForward, queries + N_);
    }
  }

  void backward(const Step& step, const Task& task) override {
    const std::size_t D = N_ + R_;
    for (std::size_t t = task.begin; t < task.end; ++t) {
      const auto position = static_cast<std::size_t>(step.positions[t]);
      const float* d_queries = qkv_->gradient + t * qkv_->width;
      const float* d_keys = d_queries + H_ * D;
      const float* d_values = d_keys + H_ * D;
      float* d_query = query_->gradient + t * query_->width;
      float* d_from = key_value_->gradient + t * key_value_->width;
      float* d_shared = position_key_->gradient + t * R_;
      std::copy_n(d_queries, H_ * D, d_query);
      rope_pairs(angles_, position, H_, D, R_, RopeDirection::kBackward, d_query + N_);
      std::fill_n(d_shared, R_, 0.0f);
      for (std::size_t h = 0; h < H_; ++h) {
        std::copy_n(d_keys + h * D, N_, d_from + h * (N_ + E_));
        std::copy_n(d_values + h * E_, E_, d_from + h * (N_ + E_) + N_);
        for (std::size_t r = 0; r < R_; ++r) d_shared[r] += d_keys[h * D + N_ + r];
      }
      rope_pairs(angles_, position, 1, R_, R_, RopeDirection::kBackward, d_shared);
    }
  }

 private:
  Activation* query_;
  Activation* key_value_;
  Activation* position_key_;
  const RopeAngles& angles_;
  std::size_t H_, N_, R_, E_;
  Activation* qkv_;
};

}  // namespace

std::unique_ptr<Op> latent_qkv_op(Activation* query, Activation* key_value,
                                  Activation* position_key, const RopeAngles& angles,
                                  const LatentShape& shape, Activation* qkv) {
  return std::make_unique<LatentQkvOp>(query, key_value, position_key, angles, shape, qkv);
}

}  // namespace pith
