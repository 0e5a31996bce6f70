#include "pith/nn/ops/fork_op.h"

#include <utility>

namespace pith {
namespace {

class ForkOp : public Op {
 public:
  ForkOp(Activation* x, std::vector<Activation*> outs) : x_(x), outs_(std::move(outs)) {
    for (Activation* out : outs_) out->value_alias = x_;
    x_->gradient_alias = outs_.front();
  }

  std::vector<Activation*> inputs() const override { return {x_}; }
  std::vector<Activation*> outputs() const override { return outs_; }

  void forward(const Step&, const Task&) override {}
  void backward(const Step&, const Task& task) override {
    const std::size_t begin = task.begin * x_->width, end = task.end * x_->width;
    float* sum = x_->gradient;
    for (std::size_t o = 1; o < outs_.size(); ++o) {
      const float* other = outs_[o]->gradient;
      for (std::size_t i = begin; i < end; ++i) sum[i] += other[i];
    }
  }

 private:
  Activation* x_;
  std::vector<Activation*> outs_;
};

}  // namespace

std::unique_ptr<Op> fork_op(Activation* x, std::vector<Activation*> outs) {
  return std::make_unique<ForkOp>(x, std::move(outs));
}

}  // namespace pith
