#include "pith/nn/ops/columns_op.h"

#include <algorithm>
#include <utility>

namespace pith {
namespace {

// Copies between rows of one wide activation and several narrow ones.
class ColumnsOp : public Op {
 public:
  ColumnsOp(Activation* wide, std::vector<Activation*> parts, bool split)
      : wide_(wide), parts_(std::move(parts)), split_(split) {
    for (Activation* input : inputs()) input->kept = false;
  }

  std::vector<Activation*> inputs() const override {
    return split_ ? std::vector<Activation*>{wide_} : parts_;
  }
  std::vector<Activation*> outputs() const override {
    return split_ ? parts_ : std::vector<Activation*>{wide_};
  }

  void forward(const Step&, const Task& task) override { copy(task, &Activation::value, split_); }
  void backward(const Step&, const Task& task) override {
    copy(task, &Activation::gradient, !split_);
  }

 private:
  void copy(const Task& task, float* Activation::*memory, bool from_wide) const {
    for (std::size_t t = task.begin; t < task.end; ++t) {
      float* row = wide_->*memory + t * wide_->width;
      for (Activation* part : parts_) {
        float* other = part->*memory + t * part->width;
        std::copy_n(from_wide ? row : other, part->width, from_wide ? other : row);
        row += part->width;
      }
    }
  }

  Activation* wide_;
  std::vector<Activation*> parts_;
  bool split_;
};

}  // namespace

std::unique_ptr<Op> split_columns_op(Activation* x, std::vector<Activation*> outs) {
  return std::make_unique<ColumnsOp>(x, std::move(outs), true);
}

std::unique_ptr<Op> join_columns_op(std::vector<Activation*> inputs, Activation* out) {
  return std::make_unique<ColumnsOp>(out, std::move(inputs), false);
}

}  // namespace pith
