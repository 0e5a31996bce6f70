#include "pith/nn/ops/ngram_embedding_op.h"

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "pith/model/ngram_rows.h"

namespace pith {
namespace {

class NgramEmbeddingOp : public Op {
 public:
  NgramEmbeddingOp(std::vector<NgramTable> tables, Activation* out)
      : tables_(std::move(tables)), rows_(tables_.size()), out_(out) {}

  std::vector<Activation*> inputs() const override { return {}; }
  std::vector<Activation*> outputs() const override { return {out_}; }
  void reserve(std::size_t rows, int) override {
    for (std::vector<std::uint32_t>& of_table : rows_) of_table.resize(rows);
  }

  void forward(const Step& step, const Task& task) override {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      for (std::size_t row = task.begin; row < task.end; ++row) {
        rows_[i][row] = table_row(tables_[i], step, row);
      }
    }
    const std::size_t C = out_->width;
    for (std::size_t row = task.begin; row < task.end; ++row) {
      float* out = out_->value + row * C;
      for (std::size_t i = 0; i < tables_.size(); ++i) {
        const float* in = tables_[i].value + std::size_t{rows_[i][row]} * C;
        for (std::size_t c = 0; c < C; ++c) out[c] = i == 0 ? in[c] : out[c] + in[c];
      }
    }
  }
  void backward(const Step&, const Task&) override {}

  std::size_t weight_tasks(const Step&) const override { return tables_.size(); }
  void weight_gradient(const Step& step, std::size_t task) override {
    RowGradients& gradients = *tables_[task].gradients;
    if (!step.add_gradients) gradients.clear();
    gradients.add(std::span(rows_[task]).first(step.rows()), out_->gradient);
  }

 private:
  static std::uint32_t table_row(const NgramTable& table, const Step& step, std::size_t row) {
    std::array<int, kMaxNgram> tokens;
    for (std::size_t back = 0; back < table.n; ++back) {
      const bool begun = static_cast<std::size_t>(step.positions[row]) >= back;
      tokens[table.n - 1 - back] = begun ? step.tokens[row - back] : -1;
    }
    return ngram_row(std::span(tokens).first(table.n), static_cast<std::uint32_t>(table.rows));
  }

  std::vector<NgramTable> tables_;
  std::vector<std::vector<std::uint32_t>> rows_;  // (tables)(rows): of the step at hand
  Activation* out_;
};

}  // namespace

std::unique_ptr<Op> ngram_embedding_op(std::vector<NgramTable> tables, Activation* out) {
  return std::make_unique<NgramEmbeddingOp>(std::move(tables), out);
}

}  // namespace pith
