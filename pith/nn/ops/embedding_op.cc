#include "pith/nn/ops/embedding_op.h"

#include <algorithm>

#include "pith/tensor/cpu/embedding.h"

namespace pith {
namespace {

constexpr std::size_t kColumns = 64;  // of one task of the gradient

class EmbeddingOp : public Op {
 public:
  EmbeddingOp(Weight table, std::size_t V, bool shared, Activation* out, const int* Step::*tokens)
      : table_(table), V_(V), shared_(shared), out_(out), tokens_(tokens) {}

  std::vector<Activation*> inputs() const override { return {}; }
  std::vector<Activation*> outputs() const override { return {out_}; }

  void forward(const Step& step, const Task& task) override {
    embedding(table_.value, step.*tokens_ + task.begin, task.rows(), out_->width,
              out_->value + task.begin * out_->width);
  }
  void backward(const Step&, const Task&) override {}

  std::size_t weight_tasks(const Step&) const override {
    return (out_->width + kColumns - 1) / kColumns;
  }
  void weight_gradient(const Step& step, std::size_t task) override {
    const std::size_t C = out_->width, begin = task * kColumns, end = std::min(C, begin + kColumns);
    if (!shared_ && !step.add_gradients) {
      for (std::size_t v = 0; v < V_; ++v) {
        std::fill(table_.gradient + v * C + begin, table_.gradient + v * C + end, 0.0f);
      }
    }
    embedding_backward(step.*tokens_, out_->gradient, step.rows(), C, begin, end, table_.gradient);
  }

 private:
  Weight table_;
  std::size_t V_;
  bool shared_;
  Activation* out_;
  const int* Step::*tokens_;
};

}  // namespace

std::unique_ptr<Op> embedding_op(Weight table, std::size_t V, bool shared, Activation* out,
                                 const int* Step::*tokens) {
  return std::make_unique<EmbeddingOp>(table, V, shared, out, tokens);
}

}  // namespace pith
