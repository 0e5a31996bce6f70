#include "pith/nn/bf16_output_head.h"

#include <algorithm>

#include "pith/tensor/cpu/bf16_gemm.h"
#include "pith/tensor/cpu/cross_entropy.h"
#include "pith/tensor/cpu/softcap.h"
#include "pith/tensor/parallel.h"

namespace pith {
namespace {

constexpr std::size_t kVocabRows = 128;           // rows of W in one task of its gradient
constexpr std::size_t kTaskLogits = 32 * 4096;    // half a megabyte: a second cache holds them
constexpr std::size_t kBlockLogits = 512 * 4096;  // whose gradients are 4 MB, twice

}  // namespace

Bf16OutputHead::Bf16OutputHead(Activation* x, Weight weight, std::size_t V, float softcap,
                               std::size_t max_rows, ThreadPool& pool)
    : x_(x),
      weight_(weight),
      V_(V),
      softcap_(softcap),
      task_rows_(V <= kTaskLogits / 32 ? 32 : 64),
      block_rows_(std::clamp<std::size_t>(kBlockLogits / V / 64 * 64, 128, 1024)),
      pool_(pool),
      packed_(V, x->width) {
  block_rows_ = std::min(block_rows_, (max_rows + 63) / 64 * 64);
  for (int i = 0; i < pool.threads(); ++i) {
    scratch_.push_back({AlignedFloats(task_rows_ * V),
                        AlignedFloats(softcap > 0 ? task_rows_ * V : 0),
                        AlignedArray<Bfloat16>(task_rows_ * bf16_row_stride(x->width)),
                        AlignedArray<Bfloat16>(task_rows_ * bf16_row_stride(V))});
  }
  x_panels_ = AlignedArray<Bfloat16>(bf16_panels(x->width) * bf16_panel_size(block_rows_));
  d_panels_ = AlignedArray<Bfloat16>(bf16_panels(V) * bf16_panel_size(block_rows_));
}

void Bf16OutputHead::pack(bool with_backward) {
  parallel_for(pool_, packed_.tasks(), [&](std::size_t task, std::size_t) {
    packed_.pack(task, weight_.value, with_backward);
  });
}

void Bf16OutputHead::loss(const Step& step, float* losses) {
  pack(step.gradients);
  for (std::size_t first = 0; first < step.rows(); first += block_rows_) {
    const std::size_t end = std::min(step.rows(), first + block_rows_);
    block_forward(step, first, end, losses);
    if (step.gradients) block_weight_gradient(step, first, end);
  }
}

void Bf16OutputHead::block_forward(const Step& step, std::size_t first, std::size_t end,
                                   float* losses) {
  const std::size_t C = x_->width, tasks = (end - first + task_rows_ - 1) / task_rows_;
  const std::size_t panel_stride = bf16_panel_size(block_rows_);
  const std::size_t x_stride = bf16_row_stride(C), d_stride = bf16_row_stride(V_);
  parallel_for(pool_, tasks, [&](std::size_t task, std::size_t worker) {
    const std::size_t begin = first + task * task_rows_, rows = std::min(task_rows_, end - begin);
    const std::size_t panel_at = (begin - first) * kBf16Panel;
    Scratch& mine = scratch_[worker];
    to_bf16_rows(x_->value + begin * C, C, rows, C, 1, mine.x.data());
    gemm_bf16(rows, V_, C, mine.x.data(), x_stride, packed_.forward(), false, mine.logits.data(),
              V_);
    float* slopes = softcap_ > 0 && step.gradients ? mine.slopes.data() : nullptr;
    if (softcap_ > 0) softcap(softcap_, rows * V_, mine.logits.data(), slopes);
    softmax_cross_entropy(mine.logits.data(), step.targets + begin, rows, V_,
                          step.gradients ? &step.loss_scale : nullptr, losses + begin);
    if (!step.gradients) return;
    for (std::size_t i = 0; slopes != nullptr && i < rows * V_; ++i)
      mine.logits.data()[i] *= slopes[i];
    to_bf16_panels(mine.x.data(), x_stride, rows, C, x_panels_.data() + panel_at, panel_stride);
    to_bf16_rows(mine.logits.data(), V_, rows, V_, 1, mine.d_logits.data());
    to_bf16_panels(mine.d_logits.data(), d_stride, rows, V_, d_panels_.data() + panel_at,
                   panel_stride);
    gemm_bf16(rows, C, V_, mine.d_logits.data(), d_stride, packed_.backward(), false,
              x_->gradient + begin * C, C);
  });
}

void Bf16OutputHead::block_weight_gradient(const Step& step, std::size_t first, std::size_t end) {
  const std::size_t C = x_->width, tasks = (V_ + kVocabRows - 1) / kVocabRows;
  const std::size_t stride = bf16_panel_size(block_rows_);
  const Bf16Panels d_logits{d_panels_.data(), stride}, x{x_panels_.data(), stride};
  parallel_for(pool_, tasks, [&](std::size_t task, std::size_t) {
    const std::size_t begin = task * kVocabRows, rows = std::min(kVocabRows, V_ - begin);
    gemm_bf16_transposed(rows, C, end - first, d_logits.columns(begin), x,
                         step.add_gradients || first > 0, weight_.gradient + begin * C, C);
  });
}

void Bf16OutputHead::logits(const Step& step, float* out) {
  pack(false);
  const std::size_t C = x_->width, tasks = (step.rows() + task_rows_ - 1) / task_rows_;
  parallel_for(pool_, tasks, [&](std::size_t task, std::size_t worker) {
    const std::size_t begin = task * task_rows_, rows = std::min(task_rows_, step.rows() - begin);
    Bfloat16* x = scratch_[worker].x.data();
    to_bf16_rows(x_->value + begin * C, C, rows, C, 1, x);
    gemm_bf16(rows, V_, C, x, bf16_row_stride(C), packed_.forward(), false, out + begin * V_, V_);
    if (softcap_ > 0) softcap(softcap_, rows * V_, out + begin * V_, nullptr);
  });
}

}  // namespace pith
