#include "pith/nn/ops/router_op.h"

#include "pith/tensor/cpu/packed_matrix.h"

namespace pith {
namespace {

class RouterOp : public Op {
 public:
  RouterOp(Activation* logits, const float* bias, float sequence_balance, Routing& routing,
           Activation* out)
      : logits_(logits),
        bias_(bias),
        sequence_balance_(sequence_balance),
        routing_(routing),
        out_(out) {
    logits_->kept = false;
  }

  std::vector<Activation*> inputs() const override { return {logits_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }
  void reserve(std::size_t rows, int threads) override {
    routing_.reserve(rows);
    scores_ = AlignedFloats(rows * logits_->width);
    balance_ = AlignedFloats(static_cast<std::size_t>(threads) * logits_->width);
  }

  void forward(const Step&, const Task& task) override {
    const std::size_t E = logits_->width, k = out_->width;
    for (std::size_t t = task.begin; t < task.end; ++t) {
      choose_experts(routing_.choice(), logits_->value + t * E, bias_, scores_.data() + t * E,
                     routing_.chosen(t), out_->value + t * k);
    }
  }

  void backward(const Step& step, const Task& task) override {
    const std::size_t E = logits_->width, k = out_->width;
    const bool balanced = sequence_balance_ > 0;
    float* balance = balance_.data() + task.worker * E;
    for (std::size_t t = task.begin; t < task.end; ++t) {
      if (balanced && (t == task.begin || t % step.T == 0)) set_balance(step, t / step.T, balance);
      choose_experts_backward(routing_.choice(), scores_.data() + t * E, routing_.chosen(t),
                              out_->gradient + t * k, balanced ? balance : nullptr,
                              logits_->gradient + t * E);
    }
  }

 private:
  // The gradient with respect to a token's shares s_e / sum s: a f_e / T, of a mean over B.
  void set_balance(const Step& step, std::size_t sequence, float* balance) const {
    const auto T = static_cast<float>(step.T), B = static_cast<float>(step.B);
    const auto E = static_cast<float>(logits_->width), k = static_cast<float>(out_->width);
    const float factor = step.pass_scale * sequence_balance_ * E / (k * T * T * B);
    for (std::size_t e = 0; e < logits_->width; ++e) {
      balance[e] = factor * static_cast<float>(routing_.often(sequence, e));
    }
  }

  Activation* logits_;
  const float* bias_;
  float sequence_balance_;
  Routing& routing_;
  Activation* out_;
  AlignedFloats scores_;   // (rows, E)
  AlignedFloats balance_;  // (threads, E)
};

}  // namespace

std::unique_ptr<Op> router_op(Activation* logits, const float* bias, float sequence_balance,
                              Routing& routing, Activation* out) {
  return std::make_unique<RouterOp>(logits, bias, sequence_balance, routing, out);
}

}  // namespace pith
