#include "pith/nn/ops/experts_op.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "pith/base/check.h"
#include "pith/nn/ops/bf16_experts.h"
#include "pith/tensor/cpu/gemm.h"
#include "pith/tensor/cpu/swiglu.h"
#include "pith/tensor/cpu/weighted_rows.h"

namespace pith {
namespace {

class ExpertsOp : public Op {
 public:
  ExpertsOp(Activation* x, Activation* weights, Weight matrices, std::size_t I, Routing& routing,
            ExpertsWorkspace& workspace, Activation* slots, const Activation* sum)
      : x_(x),
        weights_(weights),
        matrices_(matrices),
        I_(I),
        routing_(routing),
        workspace_(workspace),
        slots_(slots),
        sum_(sum) {
    PITH_CHECK(routing.k() <= kMostChosen, "a token goes to no more experts");
    slots_->kept = false;
  }

  std::vector<Activation*> inputs() const override { return {x_, weights_}; }
  std::vector<Activation*> outputs() const override { return {slots_}; }
  void set_precision(Precision precision) override {
    if (precision == Precision::kFloat32) return;
    const std::size_t C = x_->width, E = routing_.choice().experts, stride = 3 * I_ * C;
    const Weight down = {matrices_.value + down_at(0), matrices_.gradient + down_at(0)};
    bf16_.emplace(Bf16{{matrices_, stride, E, C, 2 * I_}, {down, stride, E, I_, C}, {}, {}});
  }
  std::size_t scratch_bytes() const override {
    const std::size_t widest = std::max(x_->width, 2 * I_);
    return bf16_ ? kExpertRows * bf16_row_stride(widest) * sizeof(Bfloat16) : 0;
  }
  std::size_t stage_bytes(std::size_t rows) const override {
    const std::size_t slots = rows * routing_.k();
    return bf16_ ? (most_kept(slots, x_->width) + most_kept(slots, 2 * I_)) * sizeof(Bfloat16) : 0;
  }
  std::size_t pack_tasks() const override {
    return bf16_ ? bf16_->gate_up.pack_tasks() + bf16_->down.pack_tasks() : 0;
  }
  void pack(const Step& step, std::size_t task) override {
    const std::size_t first = bf16_->gate_up.pack_tasks();
    if (task < first) return bf16_->gate_up.pack(task, step.gradients);
    bf16_->down.pack(task - first, step.gradients);
  }
  void reserve(std::size_t rows, int threads) override {
    const std::size_t slots = rows * routing_.k(), C = x_->width;
    gate_up_ = AlignedFloats(slots * 2 * I_);
    active_ = AlignedFloats(slots * I_);
    scratch_ = AlignedFloats(static_cast<std::size_t>(threads) * kExpertRows * 2 * I_);
    blocks_.reserve(most_blocks(slots));
    if (bf16_) {
      bf16_->x = AlignedArray<Bfloat16>(most_kept(slots, C));
      bf16_->active = AlignedArray<Bfloat16>(most_kept(slots, I_));
    }
    const auto grow = [&](AlignedFloats& memory) {
      if (memory.size() < slots * C) memory = AlignedFloats(slots * C);
    };
    grow(workspace_.d_gathered);
    if (bf16_) return;
    grow(workspace_.gathered);
    grow(workspace_.d_slots);
  }

  bool row_wise() const override { return false; }
  void prepare(const Step& step) override;
  std::size_t tasks(const Step&) const override { return blocks_.size(); }
  void forward(const Step& step, const Task& task) override;
  void backward(const Step& step, const Task& task) override;

  // For every expert two products; then rows of x.
  std::size_t weight_tasks(const Step& step) const override {
    return 2 * routing_.choice().experts + Tape::row_blocks(step.rows());
  }
  void weight_gradient(const Step& step, std::size_t task) override;

 private:
  struct Block {
    std::size_t expert, begin, end;  // slots
    std::size_t kept;                // rows that the blocks before it keep, rounded up to pairs
    std::size_t rows() const { return end - begin; }
  };
  // In bfloat16: matrices, and of every block the inputs of both products.
  struct Bf16 {
    Bf16ExpertMatrices gate_up, down;
    AlignedArray<Bfloat16> x, active;
  };
  std::size_t most_blocks(std::size_t slots) const {
    return slots / kExpertRows + routing_.choice().experts + 1;
  }
  std::size_t most_kept(std::size_t slots, std::size_t width) const {
    return Bf16ExpertMatrices::most_kept(slots, most_blocks(slots), width);
  }
  static std::size_t kept_at(const Block& block, std::size_t width) {
    return bf16_panels(width) * kBf16Panel * block.kept;
  }
  Bfloat16* d_slots() const { return static_cast<Bfloat16*>(stage_memory_); }
  Bfloat16* d_gate_up(const Step& step) const {
    return d_slots() + most_kept(step.rows() * routing_.k(), x_->width);
  }
  void gather(const Block& block, const float* rows, float* out) const;
  void gather_bf16(const Block& block, const float* rows, Bfloat16* out) const;
  void forward_bf16(const Block& block, Bfloat16* rounded);
  void backward_bf16(const Step& step, const Block& block, float* d_active, Bfloat16* rounded);
  void weight_gradient_bf16(const Step& step, std::size_t expert, bool down);
  void activate(const Block& block);
  void backward_active(const Block& block, float* d_active, float* unweighted);
  std::size_t gate_up_at(std::size_t expert) const { return expert * 3 * I_ * x_->width; }
  std::size_t down_at(std::size_t expert) const { return (expert * 3 + 2) * I_ * x_->width; }
  float weight(std::size_t slot) const { return weights_->value[routing_.place(slot)]; }
  void sum_row_gradients(const Step& step, std::size_t block);

  Activation* x_;
  Activation* weights_;
  Weight matrices_;
  std::size_t I_;
  Routing& routing_;
  ExpertsWorkspace& workspace_;
  Activation* slots_;
  const Activation* sum_;
  std::vector<Block> blocks_;             // of the batch at hand
  std::vector<std::size_t> first_block_;  // (E + 1), of each expert
  AlignedFloats gate_up_;                 // (rows k, 2 I); backward its gradients
  AlignedFloats active_;                  // (rows k, I): silu(gate) up, times the weight
  AlignedFloats scratch_;                 // (threads, kExpertRows, 2 I)
  std::optional<Bf16> bf16_;
};

// The tokens of an expert in blocks of nearly equal size, so that none is small.
void ExpertsOp::prepare(const Step& step) {
  routing_.sort(step);
  blocks_.clear();
  first_block_.assign(1, 0);
  std::size_t kept = 0;
  for (std::size_t e = 0; e < routing_.choice().experts; ++e) {
    const std::size_t begin = routing_.begin(e), tokens = routing_.begin(e + 1) - begin;
    const std::size_t blocks = (tokens + kExpertRows - 1) / kExpertRows;
    for (std::size_t i = 0; i < blocks; ++i) {
      blocks_.push_back({e, begin + tokens * i / blocks, begin + tokens * (i + 1) / blocks, kept});
      kept += (blocks_.back().rows() + 1) / 2 * 2;
    }
    first_block_.push_back(blocks_.size());
  }
}

// active = silu(gate) up, times the weights.
void ExpertsOp::activate(const Block& block) {
  float* active = active_.data() + block.begin * I_;
  swiglu(gate_up_.data() + block.begin * 2 * I_, block.rows(), I_, active);
  for (std::size_t i = 0; i < block.rows(); ++i) {
    weight_row(weight(block.begin + i), I_, active + i * I_);
  }
}

// Of a block's slots the rows (rows, C) of their tokens.
void ExpertsOp::gather(const Block& block, const float* rows, float* out) const {
  const std::size_t C = x_->width;
  for (std::size_t i = 0; i < block.rows(); ++i) {
    std::copy_n(rows + routing_.row(block.begin + i) * C, C, out + i * C);
  }
}

void ExpertsOp::gather_bf16(const Block& block, const float* rows, Bfloat16* out) const {
  const std::size_t C = x_->width, stride = bf16_row_stride(C);
  for (std::size_t i = 0; i < block.rows(); ++i) {
    to_bf16_rows(rows + routing_.row(block.begin + i) * C, C, 1, C, 1, out + i * stride);
  }
}

void ExpertsOp::forward(const Step&, const Task& task) {
  const Block block = blocks_[task.index];
  if (bf16_) return forward_bf16(block, static_cast<Bfloat16*>(task.scratch));
  const std::size_t C = x_->width, n = block.rows();
  float* gathered = workspace_.gathered.data() + block.begin * C;
  gather(block, x_->value, gathered);
  gemm(Transpose::kNo, Transpose::kYes, n, 2 * I_, C, 1, gathered, C,
       matrices_.value + gate_up_at(block.expert), C, 0, gate_up_.data() + block.begin * 2 * I_,
       2 * I_);
  activate(block);
  gemm(Transpose::kNo, Transpose::kYes, n, C, I_, 1, active_.data() + block.begin * I_, I_,
       matrices_.value + down_at(block.expert), I_, 0, slots_->value + block.begin * C, C);
}

void ExpertsOp::forward_bf16(const Block& block, Bfloat16* rounded) {
  const std::size_t C = x_->width, n = block.rows();
  gather_bf16(block, x_->value, rounded);
  bf16_->gate_up.forward(block.expert, n, rounded, gate_up_.data() + block.begin * 2 * I_,
                         bf16_->x.data() + kept_at(block, C));
  activate(block);
  to_bf16_rows(active_.data() + block.begin * I_, I_, n, I_, 1, rounded);
  bf16_->down.forward(block.expert, n, rounded, slots_->value + block.begin * C,
                      bf16_->active.data() + kept_at(block, I_));
}

// From d_active, the gradient of the slots times down: with a = silu(gate) up,
//   d_w = a . d_active,  d_a = w d_active;
// then gate_up becomes its own gradient.
void ExpertsOp::backward_active(const Block& block, float* d_active, float* unweighted) {
  float* gate_up = gate_up_.data() + block.begin * 2 * I_;
  swiglu(gate_up, block.rows(), I_, unweighted);
  for (std::size_t i = 0; i < block.rows(); ++i) {
    const std::size_t slot = block.begin + i;
    weights_->gradient[routing_.place(slot)] =
        weight_row_backward(weight(slot), unweighted + i * I_, I_, d_active + i * I_);
  }
  swiglu_backward(gate_up, d_active, block.rows(), I_, gate_up);
}

void ExpertsOp::backward(const Step& step, const Task& task) {
  const Block block = blocks_[task.index];
  const std::size_t C = x_->width, n = block.rows();
  float* d_active = scratch_.data() + task.worker * kExpertRows * 2 * I_;
  if (bf16_) return backward_bf16(step, block, d_active, static_cast<Bfloat16*>(task.scratch));
  float* d_block = workspace_.d_slots.data() + block.begin * C;
  gather(block, sum_->gradient, d_block);
  gemm(Transpose::kNo, Transpose::kNo, n, I_, C, 1, d_block, C,
       matrices_.value + down_at(block.expert), I_, 0, d_active, I_);
  backward_active(block, d_active, d_active + kExpertRows * I_);
  float* gathered = workspace_.gathered.data() + block.begin * C;
  gather(block, x_->value, gathered);
  gemm(Transpose::kNo, Transpose::kNo, n, C, 2 * I_, 1, gate_up_.data() + block.begin * 2 * I_,
       2 * I_, matrices_.value + gate_up_at(block.expert), C, 0,
       workspace_.d_gathered.data() + block.begin * C, C);
}

void ExpertsOp::backward_bf16(const Step& step, const Block& block, float* d_active,
                              Bfloat16* rounded) {
  const std::size_t C = x_->width, n = block.rows();
  gather_bf16(block, sum_->gradient, rounded);
  bf16_->down.backward(block.expert, n, rounded, d_active, d_slots() + kept_at(block, C));
  backward_active(block, d_active, d_active + kExpertRows * I_);
  to_bf16_rows(gate_up_.data() + block.begin * 2 * I_, 2 * I_, n, 2 * I_, 1, rounded);
  bf16_->gate_up.backward(block.expert, n, rounded, workspace_.d_gathered.data() + block.begin * C,
                          d_gate_up(step) + kept_at(block, 2 * I_));
}

void ExpertsOp::weight_gradient_bf16(const Step& step, std::size_t expert, bool down) {
  const std::size_t C = x_->width, first = first_block_[expert];
  const std::size_t at = down ? down_at(expert) : gate_up_at(expert);
  if (first == first_block_[expert + 1] && !step.add_gradients) {
    std::fill_n(matrices_.gradient + at, (down ? 1 : 2) * I_ * C, 0.0f);
  }
  for (std::size_t b = first; b < first_block_[expert + 1]; ++b) {
    const Block& block = blocks_[b];
    const bool add = step.add_gradients || b > first;
    if (down) {
      bf16_->down.weight_gradient(expert, block.rows(), bf16_->active.data() + kept_at(block, I_),
                                  d_slots() + kept_at(block, C), add);
    } else {
      bf16_->gate_up.weight_gradient(expert, block.rows(), bf16_->x.data() + kept_at(block, C),
                                     d_gate_up(step) + kept_at(block, 2 * I_), add);
    }
  }
}

void ExpertsOp::weight_gradient(const Step& step, std::size_t task) {
  const std::size_t experts = routing_.choice().experts, C = x_->width;
  if (task >= 2 * experts) return sum_row_gradients(step, task - 2 * experts);
  if (bf16_) return weight_gradient_bf16(step, task / 2, task % 2 == 1);
  const std::size_t expert = task / 2, begin = routing_.begin(expert);
  const std::size_t tokens = routing_.begin(expert + 1) - begin;
  const float beta = step.add_gradients ? 1.0f : 0.0f;
  if (task % 2 == 0) {
    gemm(Transpose::kYes, Transpose::kNo, 2 * I_, C, tokens, 1, gate_up_.data() + begin * 2 * I_,
         2 * I_, workspace_.gathered.data() + begin * C, C, beta,
         matrices_.gradient + gate_up_at(expert), C);
  } else {
    gemm(Transpose::kYes, Transpose::kNo, C, I_, tokens, 1, workspace_.d_slots.data() + begin * C,
         C, active_.data() + begin * I_, I_, beta, matrices_.gradient + down_at(expert), I_);
  }
}

void ExpertsOp::sum_row_gradients(const Step& step, std::size_t block) {
  const std::size_t C = x_->width, first = block * Tape::kRowBlock;
  const std::size_t end = std::min(step.rows(), first + Tape::kRowBlock);
  const std::size_t k = routing_.k();
  std::array<const float*, kMostChosen> rows;
  for (std::size_t t = first; t < end; ++t) {
    for (std::size_t j = 0; j < k; ++j) {
      rows[j] = workspace_.d_gathered.data() + routing_.slot(t, j) * C;
    }
    sum_rows(rows.data(), k, C, x_->gradient + t * C);
  }
}

class SumExpertsOp : public Op {
 public:
  SumExpertsOp(Activation* slots, Activation* shared, const Routing& routing, Activation* out)
      : slots_(slots), shared_(shared), routing_(routing), out_(out) {
    shared_->kept = false;
    shared_->gradient_alias = out_;
    slots_->has_gradient = false;
  }

  std::vector<Activation*> inputs() const override { return {slots_, shared_}; }
  std::vector<Activation*> outputs() const override { return {out_}; }

  void forward(const Step&, const Task& task) override {
    const std::size_t C = out_->width;
    const std::size_t k = routing_.k();
    std::array<const float*, 1 + kMostChosen> rows;
    for (std::size_t t = task.begin; t < task.end; ++t) {
      rows[0] = shared_->value + t * C;
      for (std::size_t j = 0; j < k; ++j) {
        rows[1 + j] = slots_->value + routing_.slot(t, j) * C;
      }
      sum_rows(rows.data(), 1 + k, C, out_->value + t * C);
    }
  }

  void backward(const Step&, const Task&) override {}

 private:
  Activation* slots_;
  Activation* shared_;
  const Routing& routing_;
  Activation* out_;
};

}  // namespace

std::unique_ptr<Op> experts_op(Activation* x, Activation* weights, Weight matrices, std::size_t I,
                               Routing& routing, ExpertsWorkspace& workspace, Activation* slots,
                               const Activation* sum) {
  return std::make_unique<ExpertsOp>(x, weights, matrices, I, routing, workspace, slots, sum);
}

std::unique_ptr<Op> sum_experts_op(Activation* slots, Activation* shared, const Routing& routing,
                                   Activation* out) {
  return std::make_unique<SumExpertsOp>(slots, shared, routing, out);
}

}  // namespace pith
