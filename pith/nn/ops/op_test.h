#pragma once

#include <algorithm>
#include <deque>
#include <vector>

#include "pith/nn/tape.h"
#include "pith/tensor/cpu/kernels_test.h"

// What the tests of ops share: an op by itself, over activations that the test fills and reads.
namespace pith {

// One step of B sequences of T rows through one op, in the tape's blocks of rows. Activations are
// made first, then the op, then bind() gives them memory (shared where the op made aliases).
class LoneOp {
 public:
  LoneOp(std::size_t B, std::size_t T) {
    step.B = B;
    step.T = T;
    step.gradients = true;
  }

  Activation* activation(std::size_t width) {
    activations_.push_back({.width = width});
    return &activations_.back();
  }

  // Values and gradients are random at first; a gradient that nothing was written to shows.
  void bind(Op& op) {
    for (Activation& activation : activations_) {
      values_.push_back(random_floats(step.rows() * activation.width, values_.size() + 1));
      gradients_.push_back(random_floats(step.rows() * activation.width, values_.size() + 100));
      activation.value = values_.back().data();
      activation.gradient = gradients_.back().data();
    }
    for (Activation& activation : activations_) {
      if (activation.value_alias != nullptr) activation.value = activation.value_alias->value;
      if (activation.gradient_alias != nullptr) {
        activation.gradient = activation.gradient_alias->gradient;
      }
    }
    op.reserve(step.rows(), 1);
    scratch_ = AlignedArray<std::byte>(op.scratch_bytes());
    stage_memory_ = AlignedArray<std::byte>(op.stage_bytes(step.rows()));
    op.set_stage_memory(stage_memory_.data());
  }

  void forward(Op& op) {
    for (std::size_t task = 0; task < op.pack_tasks(); ++task) op.pack(step, task);
    op.prepare(step);
    for (const Task& task : tasks(op)) op.forward(step, task);
  }
  void backward(Op& op) {
    for (const Task& task : tasks(op)) op.backward(step, task);
    for (std::size_t task = 0; task < op.weight_tasks(step); ++task) op.weight_gradient(step, task);
  }

  std::vector<float> value(const Activation* a) const { return copy(a->value, a->width); }
  std::vector<float> gradient(const Activation* a) const { return copy(a->gradient, a->width); }
  void set_value(Activation* a, const std::vector<float>& values) {
    std::copy(values.begin(), values.end(), a->value);
  }
  void set_gradient(Activation* a, const std::vector<float>& values) {
    std::copy(values.begin(), values.end(), a->gradient);
  }

  Step step;

 private:
  std::vector<float> copy(const float* from, std::size_t width) const {
    return {from, from + step.rows() * width};
  }
  std::vector<Task> tasks(const Op& op) {
    std::vector<Task> result;
    if (!op.row_wise()) {
      for (std::size_t i = 0; i < op.tasks(step); ++i)
        result.push_back({.index = i, .scratch = scratch_.data()});
      return result;
    }
    for (std::size_t begin = 0; begin < step.rows(); begin += Tape::kRowBlock) {
      const std::size_t end = std::min(step.rows(), begin + Tape::kRowBlock);
      result.push_back(
          {.index = result.size(), .begin = begin, .end = end, .scratch = scratch_.data()});
    }
    return result;
  }

  std::deque<Activation> activations_;
  std::deque<std::vector<float>> values_, gradients_;
  AlignedArray<std::byte> scratch_, stage_memory_;
};

// Every `stride`-th element of `gradient` is the slope of `loss` along that element of x. The loss
// is of size 1 to 100 and comes through floats: 1e-5 of noise over a step of 2e-2.
template <class Loss>
void expect_slopes(const Loss& loss, std::vector<float>& x, const std::vector<float>& gradient,
                   std::size_t stride, const char* what) {
  ASSERT_EQ(x.size(), gradient.size()) << what;
  for (std::size_t i = 0; i < x.size(); i += stride) {
    const double g = static_cast<double>(gradient[i]);
    ASSERT_NEAR(slope(loss, x, i, 2e-2), g, 2e-3 + 2e-3 * std::abs(g)) << what << " " << i;
  }
}

}  // namespace pith
