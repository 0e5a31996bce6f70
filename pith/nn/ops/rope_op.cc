#include "pith/nn/ops/rope_op.h"

namespace pith {
namespace {

class RopeOp : public Op {
 public:
  RopeOp(Activation* x, const RopeAngles& angles, std::size_t heads, std::size_t D, Activation* out)
      : x_(x), angles_(angles), heads_(heads), D_(D), out_(out) {
    out_->value_alias = x_;
    x_->gradient_alias = out_;
  }

  std::vector<Activation*> inputs() const override { return {x_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }

  void forward(const Step& step, const Task& task) override {
    rope(angles_, step.positions + task.begin, task.rows(), heads_, D_, RopeDirection::kForward,
         x_->value + task.begin * x_->width, x_->width);
  }
  void backward(const Step& step, const Task& task) override {
    rope(angles_, step.positions + task.begin, task.rows(), heads_, D_, RopeDirection::kBackward,
         x_->gradient + task.begin * x_->width, x_->width);
  }

 private:
  Activation* x_;
  const RopeAngles& angles_;
  std::size_t heads_, D_;
  Activation* out_;
};

}  // namespace

std::unique_ptr<Op> rope_op(Activation* x, const RopeAngles& angles, std::size_t heads,
                            std::size_t D, Activation* out) {
  return std::make_unique<RopeOp>(x, angles, heads, D, out);
}

}  // namespace pith
