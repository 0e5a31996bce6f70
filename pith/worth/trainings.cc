#include "pith/worth/trainings.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "pith/base/units.h"

namespace pith {
namespace {

constexpr std::uint64_t kMemoryOfOne = 256 << 20;

class Crew {
 public:
  Crew(const std::vector<Training>& trainings, const Context& context)
      : trainings_(trainings), context_(context), results_(trainings.size()) {
    std::uint64_t unfinished = 0;
    for (const Training& training : trainings) {
      if (cell_is_done(training.options, training.key)) continue;
      total_ += training.options.tokens_to_train;
      ++unfinished;
    }
    std::uint64_t most = static_cast<std::uint64_t>(std::max(1, context.threads));
    if (context.memory_bytes > 0) most = std::min(most, context.memory_bytes / kMemoryOfOne);
    at_once_ = static_cast<int>(std::max<std::uint64_t>(1, std::min(most, unfinished)));
    tokens_done_.resize(trainings.size());
  }

  Result<std::vector<CellResult>> run() {
    std::vector<std::thread> others;
    for (int i = 1; i < at_once_; ++i) others.emplace_back([this] { work(); });
    work();
    for (std::thread& other : others) other.join();
    if (error_) return *error_;
    return std::move(results_);
  }

 private:
  void work() {
    for (std::size_t i = next_++; i < trainings_.size() && !halt_; i = next_++) {
      auto result = run_cell(trainings_[i].options, trainings_[i].key, context_of(i));
      const std::lock_guard lock(mutex_);
      if (result) {
        results_[i] = *result;
        continue;
      }
      // What stopped the others is worth telling, not that they stopped.
      const bool stopped = result.error().kind == ErrorKind::kInterrupted;
      if (!error_ || (error_->kind == ErrorKind::kInterrupted && !stopped)) error_ = result.error();
      halt_ = true;
    }
  }

  Context context_of(std::size_t i) {
    Context inner = context_;
    inner.threads = std::max(1, context_.threads / at_once_);
    inner.memory_bytes = context_.memory_bytes / static_cast<std::uint64_t>(at_once_);
    inner.stop = &halt_;
    inner.on_progress = [this, i](const Progress& progress) { report(i, progress); };
    return inner;
  }

  void report(std::size_t i, const Progress& progress) {
    if (context_.stopped()) halt_ = true;
    if (progress.stage != "train" || progress.total == 0) return;
    const CellOptions& options = trainings_[i].options;
    const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
    const std::string note = "now " + trainings_[i].what + " on " +
                             format_count(options.tokens_to_train) + ", seed " +
                             std::to_string(options.seed);
    const std::lock_guard lock(mutex_);
    const auto here =
        static_cast<std::uint64_t>(share * static_cast<double>(options.tokens_to_train));
    done_ += here - tokens_done_[i];
    tokens_done_[i] = here;
    context_.progress(
        {.stage = "train", .done = done_, .total = total_, .unit = "tokens", .note = note});
  }

  const std::vector<Training>& trainings_;
  const Context& context_;
  int at_once_ = 1;
  std::uint64_t total_ = 0;  // tokens of what is not finished
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> halt_{false};

  std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<CellResult> results_;
  std::vector<std::uint64_t> tokens_done_;  // of each training
  std::uint64_t done_ = 0;                  // their sum
  std::optional<Error> error_;
};

}  // namespace

Result<std::vector<CellResult>> run_trainings(const std::vector<Training>& trainings,
                                              const Context& context) {
  return Crew(trainings, context).run();
}

}  // namespace pith
