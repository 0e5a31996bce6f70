// The pith side of bench/train_step.py: takes training steps when told to on standard input.
//
//   train_step_bench CONFIG.json WEIGHTS.f32 TOKENS.i32 B T THREADS LEARNING_RATE [PRECISION]
//
// WEIGHTS holds all parameters in the order of model/parameters.h; TOKENS holds batches of
// (B, T + 1) tokens, used in turn. "step N" takes N steps and answers with the seconds they took,
// the processor time of all threads, and the losses before each; "bye" ends.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "pith/base/files.h"
#include "pith/model/config.h"
#include "pith/nn/adamw.h"
#include "pith/nn/transformer.h"

namespace pith {
namespace {

template <class T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

template <class T>
std::vector<T> numbers(const std::string& path) {
  const std::string bytes = must(read_file(path));
  std::vector<T> result(bytes.size() / sizeof(T));
  std::memcpy(result.data(), bytes.data(), result.size() * sizeof(T));
  return result;
}

class Bench {
 public:
  Bench(const std::string& config, const std::string& weights, const std::string& tokens, int B,
        int T, int threads, double learning_rate, Precision precision)
      : B_(B), T_(T), learning_rate_(learning_rate) {
    PITH_CHECK(B >= 1 && T >= 1, "B and T are numbers from 1");
    const auto json = must(parse_json(must(read_file(config)), config));
    model_ = must(Transformer::create(
        must(parse_model_config(json, config)),
        {.max_batch_tokens = B * T, .threads = threads, .precision = precision}));
    PITH_CHECK(model_->precision() == precision, "the processor has the precision");
    std::ifstream file(weights,
                       std::ios::binary);  // not as a whole: the peak of memory is measured
    for (Parameter& parameter : model_->parameters()) {
      file.read(reinterpret_cast<char*>(parameter.value.data()),
                static_cast<std::streamsize>(parameter.value.size_bytes()));
      PITH_CHECK(static_cast<bool>(file), "the file holds every parameter");
    }
    optimizer_ = std::make_unique<AdamW>(model_->parameters(), AdamWOptions{}, threads);

    const std::vector<int> all = numbers<int>(tokens);
    const auto row = static_cast<std::size_t>(T) + 1, rows = static_cast<std::size_t>(B);
    for (std::size_t first = 0; first + rows * row <= all.size(); first += rows * row) {
      Batch& batch = batches_.emplace_back();
      for (std::size_t i = 0; i < rows * row; ++i) {
        if (i % row + 1 < row) batch.tokens.push_back(all[first + i]);
        if (i % row > 0) batch.targets.push_back(all[first + i]);
      }
    }
    PITH_CHECK(!batches_.empty(), "the tokens fill a batch");
  }

  void steps(int count) {
    std::vector<double> losses;
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t worked = std::clock();
    for (int i = 0; i < count; ++i) {
      const Batch& batch = batches_[taken_++ % batches_.size()];
      model_->zero_gradients();
      losses.push_back(
          model_->loss_and_gradients({B_, T_, batch.tokens, batch.targets, {}}).mean());
      optimizer_->step(learning_rate_);
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const auto ticks = static_cast<double>(std::clock() - worked);
    std::printf("%.9f %.9f", seconds.count(), ticks / CLOCKS_PER_SEC);
    for (const double loss : losses) std::printf(" %.9f", loss);
    std::printf("\n");
    std::fflush(stdout);
  }

 private:
  struct Batch {
    std::vector<int> tokens, targets;
  };
  int B_, T_;
  double learning_rate_;
  std::unique_ptr<Transformer> model_;
  std::unique_ptr<AdamW> optimizer_;
  std::vector<Batch> batches_;
  std::size_t taken_ = 0;
};

}  // namespace
}  // namespace pith

int main(int count, char** arguments) {
  const auto precision =
      count == 9 ? pith::parse_precision(arguments[8]) : pith::Precision::kFloat32;
  if ((count != 8 && count != 9) || !precision) {
    std::fprintf(
        stderr,
        "usage: train_step_bench CONFIG WEIGHTS TOKENS B T THREADS LEARNING_RATE [PRECISION]\n");
    return 2;
  }
  pith::Bench bench(arguments[1], arguments[2], arguments[3], std::atoi(arguments[4]),
                    std::atoi(arguments[5]), std::atoi(arguments[6]), std::atof(arguments[7]),
                    *precision);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string verb;
    int steps = 0;
    if (!(words >> verb >> steps) || verb != "step") break;
    bench.steps(steps);
  }
  return 0;
}
