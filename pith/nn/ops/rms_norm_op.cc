#include "pith/nn/ops/rms_norm_op.h"

#include "pith/tensor/cpu/rms_norm.h"

namespace pith {
namespace {

class RmsNormOp : public Op {
 public:
  RmsNormOp(Activation* x, Activation* branch, Weight gain, float epsilon, Activation* sum,
            Activation* out)
      : x_(x), branch_(branch), gain_(gain), epsilon_(epsilon), sum_(sum), out_(out) {
    if (branch_ == nullptr) {
      sum_->value_alias = x_;
    } else {
      branch_->gradient_alias = x_;
      branch_->kept = false;
    }
  }

  std::vector<Activation*> inputs() const override {
    if (branch_ == nullptr) return {x_};
    return {x_, branch_};
  }
  std::vector<Activation*> outputs() const override { return {sum_, out_}; }

  void reserve(std::size_t rows, int) override {
    inverse_rms_.resize(rows);
    d_gains_.resize(Tape::row_blocks(rows) * out_->width);
  }

  void forward(const Step&, const Task& task) override {
    const std::size_t C = out_->width, at = task.begin * C;
    add_rms_norm(x_->value + at, branch_ != nullptr ? branch_->value + at : nullptr, gain_.value,
                 epsilon_, task.rows(), C, sum_->value + at, out_->value + at,
                 inverse_rms_.data() + task.begin);
  }

  void backward(const Step&, const Task& task) override {
    const std::size_t C = out_->width, at = task.begin * C;
    add_rms_norm_backward(sum_->value + at, gain_.value, inverse_rms_.data() + task.begin,
                          out_->gradient + at,
                          sum_->gradient != nullptr ? sum_->gradient + at : nullptr, task.rows(), C,
                          x_->gradient + at, d_gains_.data() + task.index * C);
  }

  // Sums the blocks' shares in their order.
  std::size_t weight_tasks(const Step&) const override { return gain_.gradient != nullptr; }
  void weight_gradient(const Step& step, std::size_t) override {
    const std::size_t C = out_->width, blocks = Tape::row_blocks(step.rows());
    for (std::size_t c = 0; c < C; ++c) {
      float sum = step.add_gradients ? gain_.gradient[c] : 0.0f;
      for (std::size_t block = 0; block < blocks; ++block) sum += d_gains_[block * C + c];
      gain_.gradient[c] = sum;
    }
  }

 private:
  Activation* x_;
  Activation* branch_;
  Weight gain_;
  float epsilon_;
  Activation* sum_;
  Activation* out_;
  std::vector<float> inverse_rms_;  // (rows)
  std::vector<float> d_gains_;      // (row blocks, C)
};

}  // namespace

std::unique_ptr<Op> rms_norm_op(Activation* x, Activation* branch, Weight gain, float epsilon,
                                Activation* sum, Activation* out) {
  return std::make_unique<RmsNormOp>(x, branch, gain, epsilon, sum, out);
}

}  // namespace pith
