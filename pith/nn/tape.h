#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "pith/base/threads.h"
#include "pith/tensor/aligned_array.h"
#include "pith/tensor/precision.h"

// Reverse-mode differentiation over a fixed list of ops. The list is recorded once, its memory is
// planned once, and every step runs it forward and backward over the same buffers.
//
// An activation is written by one op and read by one op; where a value is needed twice (the
// residual stream) one op writes two activations. So every gradient has one writer too and nothing
// is ever summed up afterwards.
//
// Neighbouring ops that treat each row by itself form a stage: a block of rows goes through all of
// them while it is in cache, and threads meet only at the stage's end.
namespace pith {

// A matrix of (rows, width) that flows between ops; rows are the tokens of the batch.
struct Activation {
  std::size_t width = 0;
  float* value = nullptr;
  float* gradient = nullptr;  // null when nothing reads the value

  // How it is planned.
  bool kept = true;                      // the value is read in backward too; its reader may say no
  bool has_gradient = true;              // its reader may say no: the writer finds it elsewhere
  Activation* value_alias = nullptr;     // holds the same value
  Activation* gradient_alias = nullptr;  // has the same gradient
  int writer = -1, reader = -1;          // places of ops on the tape
};

// What one step works on. Row t of the batch is row t % T of sequence t / T.
struct Step {
  std::size_t B = 0, T = 0;
  const int* tokens = nullptr;
  const int* next_tokens = nullptr;  // the token after each, for the prediction of a second one
  const int* targets = nullptr;
  const int* begin = nullptr;      // document_begin
  const int* positions = nullptr;  // for RoPE: t - begin
  float loss_scale = 0;            // gradient of the loss with respect to one counted token's loss
  float pass_scale = 0;            // what this pass counts for in its step
  bool add_gradients = false;      // to weights: add to what is there, else write
  bool gradients = false;          // backward follows
  std::size_t rows() const { return B * T; }
};

// A piece of an op's work: rows [begin, end) for an op that treats rows by themselves.
struct Task {
  std::size_t index = 0, begin = 0, end = 0;
  std::size_t worker = 0;
  void* scratch = nullptr;  // Op::scratch_bytes(), the worker's own until it returns
  std::size_t rows() const { return end - begin; }
};

// What every op answers. Functions with a Task run on several threads at once, on different tasks.
class Op {
 public:
  virtual ~Op() = default;
  virtual std::vector<Activation*> inputs() const = 0;
  virtual std::vector<Activation*> outputs() const = 0;

  // Planning, in this order. An op whose writer needs its own output in backward must not be read
  // by one that drops `kept`: a product in bfloat16 keeps its input in its own layout.
  virtual void set_precision(Precision) {}                        // of its products
  virtual void reserve(std::size_t /*rows*/, int /*threads*/) {}  // memory beside the activations
  virtual std::size_t scratch_bytes() const { return 0; }         // Task::scratch
  // stage_memory_: the op's own from its backward to its weight_gradient, shared with other stages.
  virtual std::size_t stage_bytes(std::size_t /*rows*/) const { return 0; }
  void set_stage_memory(void* memory) { stage_memory_ = memory; }

  // Weights into another layout, at the start of every forward: they may have changed.
  virtual std::size_t pack_tasks() const { return 0; }
  virtual void pack(const Step&, std::size_t /*task*/) {}

  virtual bool row_wise() const { return true; }
  virtual void prepare(const Step&) {}                        // alone, before forward's tasks
  virtual std::size_t tasks(const Step&) const { return 0; }  // when not row-wise
  virtual void forward(const Step& step, const Task& task) = 0;
  virtual void backward(const Step& step, const Task& task) = 0;

  // Gradients of weights, once all rows have gone backward through the op's stage.
  virtual std::size_t weight_tasks(const Step&) const { return 0; }
  virtual void weight_gradient(const Step&, std::size_t /*task*/) {}

 protected:
  void* stage_memory_ = nullptr;
};

class Tape {
 public:
  static constexpr std::size_t kRowBlock = 256;
  static std::size_t row_blocks(std::size_t rows) { return (rows + kRowBlock - 1) / kRowBlock; }

  Activation* activation(std::size_t width);
  void add(std::unique_ptr<Op> op);
  // What was added so far is enough for the model's own result: forward() without gradients ends
  // here.
  void end_of_model() { model_ops_ = ops_.size(); }
  // `results` are what losses are computed from, outside of the tape. After this nothing is added.
  // The pool outlives the tape.
  void plan(const std::vector<Activation*>& results, std::size_t max_rows, ThreadPool& pool,
            Precision precision = Precision::kFloat32);
  void plan(Activation* result, std::size_t max_rows, ThreadPool& pool,
            Precision precision = Precision::kFloat32) {
    plan(std::vector<Activation*>{result}, max_rows, pool, precision);
  }

  // backward() starts from the gradients of the results.
  void forward(const Step& step);
  void backward(const Step& step);

  std::size_t planned_bytes() const {
    return (values_.size() + gradients_.size()) * sizeof(float) + scratch_.size() +
           stage_memory_.size();
  }

 private:
  struct Stage {
    std::size_t first = 0, end = 0;  // ops
    bool row_wise = true;
  };
  struct OpTask {
    Op* op;
    std::size_t task;
  };
  void plan_op_memory(std::size_t max_rows);
  template <class Run>
  void run_stage(const Stage& stage, const Step& step, const Run& run);
  int stage_of(int op) const;

  std::deque<Activation> activations_;
  std::vector<std::unique_ptr<Op>> ops_;
  std::size_t model_ops_ = 0;  // 0: all
  std::vector<Stage> stages_;
  std::vector<OpTask> pack_tasks_;
  std::vector<OpTask> weight_tasks_;  // of the stage at hand
  AlignedFloats values_, gradients_;
  std::size_t worker_scratch_ = 0;  // bytes of one worker
  AlignedArray<std::byte> scratch_, stage_memory_;
  ThreadPool* pool_ = nullptr;
};

}  // namespace pith
