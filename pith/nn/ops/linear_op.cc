#include "pith/nn/ops/linear_op.h"

#include <algorithm>
#include <optional>

#include "pith/nn/ops/low_precision_linear.h"
#include "pith/tensor/cpu/gemm.h"

namespace pith {
namespace {

constexpr std::size_t kWeightRows = 64;  // of one task of the gradient: even shares for threads

class LinearOp : public Op {
 public:
  LinearOp(Activation* x, Weight weight, Activation* out, bool exact)
      : x_(x), weight_(weight), out_(out), exact_(exact) {}

  std::vector<Activation*> inputs() const override { return {x_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }

  void set_precision(Precision precision) override {
    if (exact_ || precision == Precision::kFloat32) return;
    low_.emplace(weight_, x_->width, out_->width, precision);
    x_->kept = false;
  }
  void reserve(std::size_t rows, int) override {
    if (low_) low_->reserve(rows);
  }
  std::size_t scratch_bytes() const override { return low_ ? low_->scratch_bytes() : 0; }
  std::size_t stage_bytes(std::size_t rows) const override {
    return low_ ? low_->gradient_bytes(rows) : 0;
  }
  std::size_t pack_tasks() const override { return low_ ? low_->pack_tasks() : 0; }
  void pack(const Step& step, std::size_t task) override { low_->pack(task, step.gradients); }

  void forward(const Step& step, const Task& task) override {
    const std::size_t in = x_->width, out = out_->width;
    const float* x = x_->value + task.begin * in;
    float* to = out_->value + task.begin * out;
    if (low_) {
      return low_->forward(task.index, task.rows(), x, to, step.gradients, task.scratch);
    }
    gemm(Transpose::kNo, Transpose::kYes, task.rows(), out, in, 1, x, in, weight_.value, in, 0, to,
         out);
  }

  void backward(const Step&, const Task& task) override {
    const std::size_t in = x_->width, out = out_->width;
    const float* d_out = out_->gradient + task.begin * out;
    float* d_x = x_->gradient + task.begin * in;
    if (low_) {
      return low_->backward(task.index, task.rows(), d_out, d_x, task.scratch, stage_memory_);
    }
    gemm(Transpose::kNo, Transpose::kNo, task.rows(), in, out, 1, d_out, out, weight_.value, in, 0,
         d_x, in);
  }

  std::size_t weight_tasks(const Step&) const override {
    return (out_->width + kWeightRows - 1) / kWeightRows;
  }
  void weight_gradient(const Step& step, std::size_t task) override {
    const std::size_t in = x_->width, out = out_->width, begin = task * kWeightRows;
    const std::size_t end = std::min(out, begin + kWeightRows);
    if (low_) {
      return low_->weight_gradient(begin, end, step.rows(), step.add_gradients, stage_memory_);
    }
    gemm(Transpose::kYes, Transpose::kNo, end - begin, in, step.rows(), 1, out_->gradient + begin,
         out, x_->value, in, step.add_gradients ? 1.0f : 0.0f, weight_.gradient + begin * in, in);
  }

 private:
  Activation* x_;
  Weight weight_;
  Activation* out_;
  bool exact_;
  std::optional<LowPrecisionLinear> low_;
};

}  // namespace

std::unique_ptr<Op> linear_op(Activation* x, Weight weight, Activation* out, bool exact) {
  return std::make_unique<LinearOp>(x, weight, out, exact);
}

}  // namespace pith
