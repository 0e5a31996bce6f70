#include "pith/nn/ops/linear_op.h"

#include <algorithm>

#include "pith/tensor/cpu/gemm.h"

namespace pith {
namespace {

constexpr std::size_t kWeightRows = 128;  // of one task of the gradient

class LinearOp : public Op {
 public:
  LinearOp(Activation* x, Weight weight, Activation* out) : x_(x), weight_(weight), out_(out) {}

  std::vector<Activation*> inputs() const override { return {x_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }

  void forward(const Step&, const Task& task) override {
    const std::size_t in = x_->width, out = out_->width;
    gemm(Transpose::kNo, Transpose::kYes, task.rows(), out, in, 1, x_->value + task.begin * in, in,
         weight_.value, in, 0, out_->value + task.begin * out, out);
  }

  void backward(const Step&, const Task& task) override {
    const std::size_t in = x_->width, out = out_->width;
    gemm(Transpose::kNo, Transpose::kNo, task.rows(), in, out, 1, out_->gradient + task.begin * out,
         out, weight_.value, in, 0, x_->gradient + task.begin * in, in);
  }

  std::size_t weight_tasks(const Step&) const override {
    return (out_->width + kWeightRows - 1) / kWeightRows;
  }
  void weight_gradient(const Step& step, std::size_t task) override {
    const std::size_t in = x_->width, out = out_->width, begin = task * kWeightRows;
    gemm(Transpose::kYes, Transpose::kNo, std::min(kWeightRows, out - begin), in, step.rows(), 1,
         out_->gradient + begin, out, x_->value, in, step.add_gradients ? 1.0f : 0.0f,
         weight_.gradient + begin * in, in);
  }

 private:
  Activation* x_;
  Weight weight_;
  Activation* out_;
};

}  // namespace

std::unique_ptr<Op> linear_op(Activation* x, Weight weight, Activation* out) {
  return std::make_unique<LinearOp>(x, weight, out);
}

}  // namespace pith
