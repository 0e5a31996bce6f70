#include "pith/nn/ops/attention_op.h"

#include "pith/tensor/cpu/bf16_attention.h"

namespace pith {
namespace {

// A task is one sequence and one key-value head.
class AttentionOp : public Op {
 public:
  AttentionOp(Activation* qkv, const AttentionShape& shape, Activation* out)
      : qkv_(qkv), max_(shape), out_(out) {}

  std::vector<Activation*> inputs() const override { return {qkv_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }
  // Values narrower than keys have no kernel of low precision.
  void set_precision(Precision precision) override {
    if (max_.E == max_.D) precision_ = precision;
  }
  void reserve(std::size_t rows, int) override { log_sum_exp_.resize(rows * max_.H); }
  std::size_t scratch_bytes() const override {
    return precision_ != Precision::kFloat32 ? bf16_attention_scratch(max_.T, max_.D)
                                             : attention_scratch(max_.T) * sizeof(float);
  }

  bool row_wise() const override { return false; }
  std::size_t tasks(const Step& step) const override { return step.B * max_.G; }

  void forward(const Step& step, const Task& task) override {
    const Place at(*this, step, task);
    const float* qkv = qkv_->value + at.row * qkv_->width;
    float* out = out_->value + at.row * out_->width;
    float* log_sum_exp = log_sum_exp_.data() + at.row * max_.H;
    if (precision_ != Precision::kFloat32) {
      causal_attention_bf16(at.shape, at.group, qkv, step.begin + at.row, out, log_sum_exp,
                            task.scratch);
    } else {
      causal_attention(at.shape, at.group, qkv, step.begin + at.row, out, log_sum_exp,
                       static_cast<float*>(task.scratch));
    }
  }

  void backward(const Step& step, const Task& task) override {
    const Place at(*this, step, task);
    const float* qkv = qkv_->value + at.row * qkv_->width;
    const float* log_sum_exp = log_sum_exp_.data() + at.row * max_.H;
    const float* d_out = out_->gradient + at.row * out_->width;
    float* d_qkv = qkv_->gradient + at.row * qkv_->width;
    if (precision_ != Precision::kFloat32) {
      causal_attention_backward_bf16(at.shape, at.group, qkv, step.begin + at.row, log_sum_exp,
                                     d_out, d_qkv, task.scratch);
    } else {
      causal_attention_backward(at.shape, at.group, qkv, step.begin + at.row, log_sum_exp, d_out,
                                d_qkv, static_cast<float*>(task.scratch));
    }
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

  Activation* qkv_;
  AttentionShape max_;
  Activation* out_;
  std::vector<float> log_sum_exp_;  // (rows, H)
  Precision precision_ = Precision::kFloat32;
};

}  // namespace

std::unique_ptr<Op> attention_op(Activation* qkv, const AttentionShape& shape, Activation* out) {
  return std::make_unique<AttentionOp>(qkv, shape, out);
}

}  // namespace pith
