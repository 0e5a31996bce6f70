#include "pith/nn/ops/attention_op.h"

#include "pith/tensor/cpu/causal_attention.h"

namespace pith {
namespace {

// A task is one sequence and one key-value head.
class AttentionOp : public Op {
 public:
  AttentionOp(Activation* qkv, const AttentionShape& shape, Activation* out)
      : qkv_(qkv), max_(shape), out_(out) {}

  std::vector<Activation*> inputs() const override { return {qkv_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }
  void reserve(std::size_t rows, int threads) override {
    log_sum_exp_.resize(rows * max_.H);
    scratch_ = AlignedFloats(attention_scratch(max_.T) * static_cast<std::size_t>(threads));
  }

  bool row_wise() const override { return false; }
  std::size_t tasks(const Step& step) const override { return step.B * max_.G; }

  void forward(const Step& step, const Task& task) override {
    const Place at(*this, step, task);
    causal_attention(at.shape, at.group, qkv_->value + at.row * qkv_->width, step.begin + at.row,
                     out_->value + at.row * out_->width, log_sum_exp_.data() + at.row * max_.H,
                     scratch(task));
  }

  void backward(const Step& step, const Task& task) override {
    const Place at(*this, step, task);
    causal_attention_backward(at.shape, at.group, qkv_->value + at.row * qkv_->width,
                              step.begin + at.row, log_sum_exp_.data() + at.row * max_.H,
                              out_->gradient + at.row * out_->width,
                              qkv_->gradient + at.row * qkv_->width, scratch(task));
  }

 private:
  struct Place {
    Place(const AttentionOp& op, const Step& step, const Task& task)
        : shape(op.max_), group(task.index % op.max_.G), row(task.index / op.max_.G * step.T) {
      shape.T = step.T;
    }
    AttentionShape shape;
    std::size_t group, row;
  };
  float* scratch(const Task& task) {
    return scratch_.data() + attention_scratch(max_.T) * task.worker;
  }

  Activation* qkv_;
  AttentionShape max_;
  Activation* out_;
  std::vector<float> log_sum_exp_;  // (rows, H)
  AlignedFloats scratch_;           // one piece per worker
};

}  // namespace

std::unique_ptr<Op> attention_op(Activation* qkv, std::size_t H, std::size_t G, std::size_t D,
                                 std::size_t max_sequence, Activation* out) {
  return std::make_unique<AttentionOp>(qkv, AttentionShape{max_sequence, H, G, D}, out);
}

}  // namespace pith
