#include "pith/nn/ops/head_norm_op.h"

#include <algorithm>

#include "pith/tensor/cpu/rms_norm.h"

namespace pith {
namespace {

class HeadNormOp : public Op {
 public:
  HeadNormOp(Activation* x, Weight query_gain, Weight key_gain, std::size_t H, std::size_t G,
             std::size_t D, float epsilon, Activation* out)
      : x_(x), gains_{query_gain, key_gain}, heads_{H, G}, D_(D), epsilon_(epsilon), out_(out) {}

  std::vector<Activation*> inputs() const override { return {x_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }

  void reserve(std::size_t rows, int threads) override {
    d_gain_.resize(static_cast<std::size_t>(threads) * D_);
    inverse_rms_.resize(rows * (heads_[0] + heads_[1]));
    d_gains_.resize(Tape::row_blocks(rows) * 2 * D_);
  }

  void forward(const Step&, const Task& task) override {
    for (std::size_t t = task.begin; t < task.end; ++t) {
      std::size_t at = t * x_->width;
      float* inverse = inverse_rms_.data() + t * (heads_[0] + heads_[1]);
      for (std::size_t part : {0, 1}) {  // queries, keys
        add_rms_norm(x_->value + at, nullptr, gains_[part].value, epsilon_, heads_[part], D_,
                     nullptr, out_->value + at, inverse);
        at += heads_[part] * D_;
        inverse += heads_[part];
      }
      std::copy_n(x_->value + at, heads_[1] * D_, out_->value + at);
    }
  }

  void backward(const Step&, const Task& task) override {
    float* d_gains = d_gains_.data() + task.index * 2 * D_;
    std::fill_n(d_gains, 2 * D_, 0.0f);
    float* d_gain = d_gain_.data() + task.worker * D_;  // of one row
    for (std::size_t t = task.begin; t < task.end; ++t) {
      std::size_t at = t * x_->width;
      const float* inverse = inverse_rms_.data() + t * (heads_[0] + heads_[1]);
      for (std::size_t part : {0, 1}) {
        add_rms_norm_backward(x_->value + at, gains_[part].value, inverse, out_->gradient + at,
                              nullptr, heads_[part], D_, x_->gradient + at, d_gain);
        for (std::size_t d = 0; d < D_; ++d) d_gains[part * D_ + d] += d_gain[d];
        at += heads_[part] * D_;
        inverse += heads_[part];
      }
      std::copy_n(out_->gradient + at, heads_[1] * D_, x_->gradient + at);
    }
  }

  // Sums the blocks' shares in their order.
  std::size_t weight_tasks(const Step&) const override { return gains_[0].gradient != nullptr; }
  void weight_gradient(const Step& step, std::size_t) override {
    const std::size_t blocks = Tape::row_blocks(step.rows());
    for (std::size_t part : {0, 1}) {
      for (std::size_t d = 0; d < D_; ++d) {
        float sum = step.add_gradients ? gains_[part].gradient[d] : 0.0f;
        for (std::size_t block = 0; block < blocks; ++block) {
          sum += d_gains_[(block * 2 + part) * D_ + d];
        }
        gains_[part].gradient[d] = sum;
      }
    }
  }

 private:
  Activation* x_;
  Weight gains_[2];  // of queries, of keys
  std::size_t heads_[2];
  std::size_t D_;
  float epsilon_;
  Activation* out_;
  std::vector<float> inverse_rms_;  // (rows, H + G)
  std::vector<float> d_gains_;      // (row blocks, 2, D)
  std::vector<float> d_gain_;       // (threads, D)
};

}  // namespace

std::unique_ptr<Op> head_norm_op(Activation* x, Weight query_gain, Weight key_gain, std::size_t H,
                                 std::size_t G, std::size_t D, float epsilon, Activation* out) {
  return std::make_unique<HeadNormOp>(x, query_gain, key_gain, H, G, D, epsilon, out);
}

}  // namespace pith
