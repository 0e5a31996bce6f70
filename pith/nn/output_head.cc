#include "pith/nn/output_head.h"

#include <algorithm>

#include "pith/tensor/cpu/cross_entropy.h"
#include "pith/tensor/cpu/gemm.h"
#include "pith/tensor/cpu/softcap.h"
#include "pith/tensor/parallel.h"

namespace pith {
namespace {

constexpr std::size_t kTaskRows = 64;          // tokens of one task
constexpr std::size_t kVocabRows = 256;        // rows of W in one task of its gradient
constexpr std::size_t kBlockFloats = 2 << 20;  // logits that stay in a shared cache: 8 MiB

}  // namespace

std::size_t OutputHead::block_rows() const {
  const std::size_t rows = kBlockFloats / V_ / kTaskRows * kTaskRows;
  return std::clamp(rows, 2 * kTaskRows, 16 * kTaskRows);
}

void OutputHead::reserve(std::size_t max_rows, ThreadPool& pool, Precision precision) {
  pool_ = &pool;
  losses_.resize(max_rows);
  if (precision != Precision::kFloat32) {
    bf16_ = std::make_unique<Bf16OutputHead>(x_, weight_, V_, softcap_, max_rows, pool);
    return;
  }
  logits_ = AlignedFloats(std::min(block_rows(), max_rows) * V_);
  if (softcap_ > 0) slopes_ = AlignedFloats(logits_.size());
}

void OutputHead::block_forward(const Step& step, std::size_t first, std::size_t end,
                               const float* d_scale) {
  const std::size_t C = x_->width, tasks = (end - first + kTaskRows - 1) / kTaskRows;
  parallel_for(*pool_, tasks, [&](std::size_t task, std::size_t) {
    const std::size_t begin = first + task * kTaskRows, rows = std::min(kTaskRows, end - begin);
    float* logits = logits_.data() + (begin - first) * V_;
    gemm(Transpose::kNo, Transpose::kYes, rows, V_, C, 1, x_->value + begin * C, C, weight_.value,
         C, 0, logits, V_);
    float* slopes = softcap_ > 0 ? slopes_.data() + (begin - first) * V_ : nullptr;
    if (softcap_ > 0) softcap(softcap_, rows * V_, logits, slopes);
    softmax_cross_entropy(logits, step.targets + begin, rows, V_, d_scale, losses_.data() + begin);
    if (d_scale == nullptr) return;
    if (softcap_ > 0) {
      for (std::size_t i = 0; i < rows * V_; ++i) logits[i] *= slopes[i];
    }
    gemm(Transpose::kNo, Transpose::kNo, rows, C, V_, 1, logits, V_, weight_.value, C, 0,
         x_->gradient + begin * C, C);
  });
}

void OutputHead::block_weight_gradient(const Step& step, std::size_t first, std::size_t end) {
  const std::size_t C = x_->width, tasks = (V_ + kVocabRows - 1) / kVocabRows;
  const float beta = step.add_gradients || first > 0 ? 1.0f : 0.0f;
  parallel_for(*pool_, tasks, [&](std::size_t task, std::size_t) {
    const std::size_t begin = task * kVocabRows, rows = std::min(kVocabRows, V_ - begin);
    gemm(Transpose::kYes, Transpose::kNo, rows, C, end - first, 1, logits_.data() + begin, V_,
         x_->value + first * C, C, beta, weight_.gradient + begin * C, C);
  });
}

void OutputHead::loss(const Step& step) {
  if (bf16_) return bf16_->loss(step, losses_.data());
  for (std::size_t first = 0; first < step.rows(); first += block_rows()) {
    block_forward(step, first, std::min(step.rows(), first + block_rows()), nullptr);
  }
}

void OutputHead::loss_and_gradients(const Step& step) {
  if (bf16_) return bf16_->loss(step, losses_.data());
  for (std::size_t first = 0; first < step.rows(); first += block_rows()) {
    const std::size_t end = std::min(step.rows(), first + block_rows());
    block_forward(step, first, end, &step.loss_scale);
    block_weight_gradient(step, first, end);
  }
}

void OutputHead::logits(const Step& step, float* out) const {
  if (bf16_) return bf16_->logits(step, out);
  const std::size_t C = x_->width, tasks = (step.rows() + kTaskRows - 1) / kTaskRows;
  parallel_for(*pool_, tasks, [&](std::size_t task, std::size_t) {
    const std::size_t begin = task * kTaskRows, rows = std::min(kTaskRows, step.rows() - begin);
    gemm(Transpose::kNo, Transpose::kYes, rows, V_, C, 1, x_->value + begin * C, C, weight_.value,
         C, 0, out + begin * V_, V_);
    if (softcap_ > 0) softcap(softcap_, rows * V_, out + begin * V_, nullptr);
  });
}

}  // namespace pith
