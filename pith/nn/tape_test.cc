#include "pith/nn/tape.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace pith {
namespace {

constexpr std::size_t kRows = 2 * Tape::kRowBlock + 5;

// out_i = sum of all inputs times a factor, and a "weight" gradient: the sum of all d_out, taken
// only when every row has gone backward.
class ToyOp : public Op {
 public:
  ToyOp(std::vector<Activation*> in, std::vector<Activation*> out, float factor, bool row_wise)
      : in_(std::move(in)), out_(std::move(out)), factor_(factor), row_wise_(row_wise) {}

  std::vector<Activation*> inputs() const override { return in_; }
  std::vector<Activation*> outputs() const override { return out_; }
  bool row_wise() const override { return row_wise_; }
  std::size_t tasks(const Step& step) const override { return step.rows(); }

  void forward(const Step& step, const Task& task) override {
    each_row(task, [&](std::size_t t) {
      float sum = in_.empty() ? static_cast<float>(step.tokens[t]) : 0.0f;
      for (const Activation* in : in_) sum += in->value[t];
      for (Activation* out : out_) out->value[t] = factor_ * sum;
    });
  }
  void backward(const Step&, const Task& task) override {
    each_row(task, [&](std::size_t t) {
      float sum = 0;
      for (const Activation* out : out_) sum += out->gradient[t];
      for (Activation* in : in_) in->gradient[t] = factor_ * sum;
    });
  }
  std::size_t weight_tasks(const Step&) const override { return 1; }
  void weight_gradient(const Step& step, std::size_t) override {
    weight_gradient_ = 0;
    for (std::size_t t = 0; t < step.rows(); ++t) {
      for (const Activation* out : out_) weight_gradient_ += static_cast<double>(out->gradient[t]);
    }
  }

  double weight_gradient_ = -1;

 private:
  void each_row(const Task& task, const std::function<void(std::size_t)>& body) const {
    if (!row_wise_) return body(task.index);
    for (std::size_t t = task.begin; t < task.end; ++t) body(t);
  }
  std::vector<Activation*> in_, out_;
  float factor_;
  bool row_wise_;
};

// tokens -> (a, b) ; a -> c (by rows) -> d (not by rows); b + d -> result
struct Network {
  explicit Network(int threads, bool middle_row_wise = false) : pool(threads) {
    Activation *a = tape.activation(1), *b = tape.activation(1), *c = tape.activation(1),
               *d = tape.activation(1);
    result = tape.activation(1);
    add({}, {a, b}, 1, true);
    add({a}, {c}, 3, true);
    add({c}, {d}, 5, middle_row_wise);
    add({b, d}, {result}, 0.5f, true);
    tape.plan(result, kRows, pool);
  }
  void add(std::vector<Activation*> in, std::vector<Activation*> out, float factor, bool rows) {
    auto op = std::make_unique<ToyOp>(std::move(in), std::move(out), factor, rows);
    ops.push_back(op.get());
    tape.add(std::move(op));
  }

  ThreadPool pool;
  Tape tape;
  Activation* result;
  std::vector<ToyOp*> ops;
};

TEST(TapeTest, EveryRowGoesThroughEveryOpAndBack) {
  std::vector<int> tokens(kRows);
  for (std::size_t t = 0; t < kRows; ++t) tokens[t] = static_cast<int>(t) - 100;
  for (const bool middle_row_wise : {false, true}) {
    for (const int threads : {1, 3}) {
      Network network(threads, middle_row_wise);
      for (const std::size_t rows : {kRows, std::size_t{1}, Tape::kRowBlock, kRows}) {
        Step step;
        step.B = 1;
        step.T = rows;
        step.tokens = tokens.data();
        network.tape.forward(step);
        for (std::size_t t = 0; t < rows; ++t) {
          ASSERT_EQ(network.result->value[t], static_cast<float>(tokens[t]) * 8.0f) << t;
          network.result->gradient[t] = 2;
        }
        network.tape.backward(step);
        const auto count = static_cast<double>(rows);
        EXPECT_EQ(network.ops[3]->weight_gradient_, 2 * count);
        EXPECT_EQ(network.ops[2]->weight_gradient_, 1 * count);
        EXPECT_EQ(network.ops[1]->weight_gradient_, 5 * count);
        EXPECT_EQ(network.ops[0]->weight_gradient_, 16 * count);  // 15 by way of c, 1 of b
      }
    }
  }
}

TEST(TapeTest, GradientsShareMemoryWhereTheirTimesDoNotMeet) {
  const Network network(1);
  // Five values, all kept, and fewer gradients: not all of them live at one time.
  EXPECT_GE(network.tape.planned_bytes(), 8 * kRows * sizeof(float));
  EXPECT_LT(network.tape.planned_bytes(), 10 * kRows * sizeof(float));
}

TEST(TapeDeathTest, AnActivationIsWrittenOnceAndReadOnce) {
  const auto build = [](bool read_twice) {
    Tape tape;
    Activation *a = tape.activation(1), *b = tape.activation(1), *c = tape.activation(1);
    tape.add(std::make_unique<ToyOp>(std::vector<Activation*>{}, std::vector{a}, 1.0f, true));
    tape.add(std::make_unique<ToyOp>(std::vector{a}, std::vector{b}, 1.0f, true));
    if (read_twice) {
      tape.add(std::make_unique<ToyOp>(std::vector{a}, std::vector{c}, 1.0f, true));
    } else {
      tape.add(std::make_unique<ToyOp>(std::vector<Activation*>{}, std::vector{b}, 1.0f, true));
    }
  };
  EXPECT_DEATH(build(true), "written, then read once");
  EXPECT_DEATH(build(false), "one writer");
}

}  // namespace
}  // namespace pith
