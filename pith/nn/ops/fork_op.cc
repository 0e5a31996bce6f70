#include "pith/nn/ops/fork_op.h"

#include <array>
#include <utility>
#include <vector>

#include "pith/base/check.h"
#include "pith/tensor/cpu/weighted_rows.h"

namespace pith {
namespace {

constexpr std::size_t kMostOuts = 8;

class ForkOp : public Op {
 public:
  ForkOp(Activation* x, std::vector<Activation*> outs) : x_(x), outs_(std::move(outs)) {
    PITH_CHECK(!outs_.empty() && outs_.size() <= kMostOuts, "a fork has few branches");
    for (Activation* out : outs_) out->value_alias = x_;
    x_->gradient_alias = outs_.front();
  }

  std::vector<Activation*> inputs() const override { return {x_}; }
  std::vector<Activation*> outputs() const override { return outs_; }

  void forward(const Step&, const Task&) override {}
  void backward(const Step&, const Task& task) override {
    const std::size_t begin = task.begin * x_->width;
    std::array<const float*, kMostOuts> gradients;
    for (std::size_t o = 0; o < outs_.size(); ++o) gradients[o] = outs_[o]->gradient + begin;
    sum_rows(gradients.data(), outs_.size(), task.rows() * x_->width, x_->gradient + begin);
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
