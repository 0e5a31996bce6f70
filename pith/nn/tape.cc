#include "pith/nn/tape.h"

#include <algorithm>
#include <utility>

#include "pith/base/check.h"
#include "pith/nn/memory_plan.h"
#include "pith/tensor/parallel.h"

namespace pith {

Activation* Tape::activation(std::size_t width) {
  activations_.push_back({.width = width});
  return &activations_.back();
}

void Tape::add(std::unique_ptr<Op> op) {
  const int place = static_cast<int>(ops_.size());
  for (Activation* input : op->inputs()) {
    PITH_CHECK(input->writer >= 0 && input->reader < 0, "an activation is written, then read once");
    input->reader = place;
  }
  for (Activation* output : op->outputs()) {
    PITH_CHECK(output->writer < 0, "an activation has one writer");
    output->writer = place;
  }
  ops_.push_back(std::move(op));
}

int Tape::stage_of(int op) const {
  for (std::size_t s = 0; s < stages_.size(); ++s) {
    if (static_cast<std::size_t>(op) < stages_[s].end) return static_cast<int>(s);
  }
  return static_cast<int>(stages_.size());
}

void Tape::plan(const std::vector<Activation*>& results, std::size_t max_rows, ThreadPool& pool,
                Precision precision) {
  pool_ = &pool;
  for (Activation* result : results) {
    PITH_CHECK(result->writer >= 0 && result->reader < 0, "a result is read by no op");
    result->reader = static_cast<int>(ops_.size());
  }
  for (std::size_t i = 0; i < ops_.size(); ++i) {
    ops_[i]->set_precision(precision);
    ops_[i]->reserve(max_rows, pool.threads());
    const bool row_wise = ops_[i]->row_wise();
    const bool model_ended = model_ops_ > 0 && i == model_ops_;
    if (row_wise && !model_ended && !stages_.empty() && stages_.back().row_wise) {
      stages_.back().end = i + 1;
    } else {
      stages_.push_back({i, i + 1, row_wise});
    }
  }

  plan_op_memory(max_rows);

  // Aliases share the storage of the activation at the end of their chain.
  const auto owner = [](Activation* activation, Activation* Activation::*alias) {
    while (activation->*alias != nullptr) activation = activation->*alias;
    return activation;
  };
  const int end = static_cast<int>(stages_.size()) + 1;
  std::vector<Lifetime> values(activations_.size()), gradients(activations_.size());
  const auto index_of = [&](const Activation* activation) {
    std::size_t i = 0;
    while (&activations_[i] != activation) ++i;
    return i;
  };
  for (Lifetime& life : values) life = {0, end, 0};
  gradients = values;
  for (Activation& activation : activations_) {
    const int writer = stage_of(activation.writer);
    const int reader = activation.reader < 0 ? writer : stage_of(activation.reader);
    Lifetime& value = values[index_of(owner(&activation, &Activation::value_alias))];
    value.floats = max_rows * activation.width;
    value.first = std::min(value.first, writer);
    value.last = std::max(value.last, activation.kept ? end : reader);
    if (activation.reader < 0 || !activation.has_gradient) continue;
    Lifetime& gradient = gradients[index_of(owner(&activation, &Activation::gradient_alias))];
    gradient.floats = max_rows * activation.width;
    gradient.first = std::min(gradient.first, writer);
    gradient.last = std::max(gradient.last, reader);
  }
  const MemoryPlan value_plan = plan_memory(values), gradient_plan = plan_memory(gradients);
  values_ = AlignedFloats(value_plan.floats);
  gradients_ = AlignedFloats(gradient_plan.floats);
  for (Activation& activation : activations_) {
    const std::size_t value_at = index_of(owner(&activation, &Activation::value_alias));
    const std::size_t gradient_at = index_of(owner(&activation, &Activation::gradient_alias));
    activation.value = values_.data() + value_plan.offsets[value_at];
    if (activation.reader >= 0 && activation.has_gradient) {
      activation.gradient = gradients_.data() + gradient_plan.offsets[gradient_at];
    }
  }
}

void Tape::plan_op_memory(std::size_t max_rows) {
  const auto aligned = [](std::size_t bytes) { return (bytes + 63) / 64 * 64; };
  for (const auto& op : ops_) {
    worker_scratch_ = std::max(worker_scratch_, aligned(op->scratch_bytes()));
    for (std::size_t task = 0; task < op->pack_tasks(); ++task) {
      pack_tasks_.push_back({op.get(), task});
    }
  }
  scratch_ = AlignedArray<std::byte>(worker_scratch_ * static_cast<std::size_t>(pool_->threads()));
  std::size_t most = 0;
  for (const bool count : {true, false}) {
    for (const Stage& stage : stages_) {
      std::size_t bytes = 0;
      for (std::size_t i = stage.first; i < stage.end; ++i) {
        if (!count) ops_[i]->set_stage_memory(stage_memory_.data() + bytes);
        bytes += aligned(ops_[i]->stage_bytes(max_rows));
      }
      most = std::max(most, bytes);
    }
    if (count) stage_memory_ = AlignedArray<std::byte>(most);
  }
}

template <class Run>
void Tape::run_stage(const Stage& stage, const Step& step, const Run& run) {
  const std::size_t rows = step.rows();
  const std::size_t tasks = stage.row_wise ? row_blocks(rows) : ops_[stage.first]->tasks(step);
  parallel_for(*pool_, tasks, [&](std::size_t index, std::size_t worker) {
    const std::size_t begin = stage.row_wise ? index * kRowBlock : 0;
    const std::size_t end = stage.row_wise ? std::min(rows, begin + kRowBlock) : 0;
    run(Task{index, begin, end, worker, scratch_.data() + worker * worker_scratch_});
  });
}

void Tape::forward(const Step& step) {
  parallel_for(*pool_, pack_tasks_.size(), [&](std::size_t index, std::size_t) {
    pack_tasks_[index].op->pack(step, pack_tasks_[index].task);
  });
  for (const Stage& stage : stages_) {
    if (!step.gradients && model_ops_ > 0 && stage.first >= model_ops_) break;
    for (std::size_t i = stage.first; i < stage.end; ++i) ops_[i]->prepare(step);
    run_stage(stage, step, [&](const Task& task) {
      for (std::size_t i = stage.first; i < stage.end; ++i) ops_[i]->forward(step, task);
    });
  }
}

void Tape::backward(const Step& step) {
  for (std::size_t s = stages_.size(); s-- > 0;) {
    const Stage& stage = stages_[s];
    run_stage(stage, step, [&](const Task& task) {
      for (std::size_t i = stage.end; i-- > stage.first;) ops_[i]->backward(step, task);
    });
    weight_tasks_.clear();
    for (std::size_t i = stage.end; i-- > stage.first;) {
      const std::size_t tasks = ops_[i]->weight_tasks(step);
      for (std::size_t task = 0; task < tasks; ++task)
        weight_tasks_.push_back({ops_[i].get(), task});
    }
    parallel_for(*pool_, weight_tasks_.size(), [&](std::size_t index, std::size_t) {
      weight_tasks_[index].op->weight_gradient(step, weight_tasks_[index].task);
    });
  }
}

}  // namespace pith
