#include "pith/nn/ops/swiglu_op.h"

#include "pith/tensor/cpu/swiglu.h"

namespace pith {
namespace {

class SwigluOp : public Op {
 public:
  SwigluOp(Activation* gate_up, Activation* out) : gate_up_(gate_up), out_(out) {}

  std::vector<Activation*> inputs() const override { return {gate_up_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }

  void forward(const Step&, const Task& task) override {
    const std::size_t F = out_->width;
    swiglu(gate_up_->value + task.begin * 2 * F, task.rows(), F, out_->value + task.begin * F);
  }
  void backward(const Step&, const Task& task) override {
    const std::size_t F = out_->width;
    swiglu_backward(gate_up_->value + task.begin * 2 * F, out_->gradient + task.begin * F,
                    task.rows(), F, gate_up_->gradient + task.begin * 2 * F);
  }

 private:
  Activation* gate_up_;
  Activation* out_;
};

}  // namespace

std::unique_ptr<Op> swiglu_op(Activation* gate_up, Activation* out) {
  return std::make_unique<SwigluOp>(gate_up, out);
}

}  // namespace pith
