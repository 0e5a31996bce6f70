#include "pith/nn/ops/relu_squared_op.h"

#include "pith/tensor/cpu/relu_squared.h"

namespace pith {
namespace {

class ReluSquaredOp : public Op {
 public:
  ReluSquaredOp(Activation* x, Activation* out) : x_(x), out_(out) {}

  std::vector<Activation*> inputs() const override { return {x_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }

  void forward(const Step&, const Task& task) override {
    const std::size_t at = task.begin * x_->width, n = task.rows() * x_->width;
    relu_squared(x_->value + at, n, out_->value + at);
  }
  void backward(const Step&, const Task& task) override {
    const std::size_t at = task.begin * x_->width, n = task.rows() * x_->width;
    relu_squared_backward(x_->value + at, out_->gradient + at, n, x_->gradient + at);
  }

 private:
  Activation* x_;
  Activation* out_;
};

}  // namespace

std::unique_ptr<Op> relu_squared_op(Activation* x, Activation* out) {
  return std::make_unique<ReluSquaredOp>(x, out);
}

}  // namespace pith
