#include "pith/infer/worker_team.h"

#include <algorithm>

namespace pith {
namespace {

constexpr int kSpinsBeforeYield = 1000;   // tens of microseconds
constexpr int kSpinsBeforeSleep = 20000;  // a pause between two tokens is shorter

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

WorkerTeam::WorkerTeam(int threads) : threads_(std::max(1, threads)) {
  for (int worker = 1; worker < threads_; ++worker) {
    workers_.emplace_back([this, worker] { work(worker); });
  }
}

WorkerTeam::~WorkerTeam() {
  closing_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void WorkerTeam::run(const std::function<void(int)>& body) {
  if (threads_ == 1) return body(0);
  body_ = &body;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  body(0);
  barrier();
}

void WorkerTeam::barrier() {
  if (threads_ == 1) return;
  const std::uint32_t generation = generation_.load(std::memory_order_acquire);
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
    arrived_.store(0, std::memory_order_relaxed);
    generation_.store(generation + 1, std::memory_order_release);
    return;
  }
  for (int spins = 0; generation_.load(std::memory_order_acquire) == generation; ++spins) {
    if (spins < kSpinsBeforeYield) {
      pause();
    } else {
      std::this_thread::yield();
    }
  }
}

void WorkerTeam::work(int worker) {
  for (std::uint32_t seen = 0;; ++seen) {
    for (int spins = 0; round_.load(std::memory_order_acquire) == seen; ++spins) {
      if (spins < kSpinsBeforeSleep) {
        pause();
      } else {
        round_.wait(seen, std::memory_order_acquire);
      }
    }
    if (closing_) return;
    (*body_)(worker);
    barrier();
  }
}

}  // namespace pith
