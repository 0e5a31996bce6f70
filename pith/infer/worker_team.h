#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

// Threads that work through one token together, in lockstep.
//
// A small model takes a fraction of a millisecond for a token and has several barriers per layer,
// so a barrier must cost well under a microsecond: workers spin, give way to others when that takes
// long, and sleep when no work comes for a while.
namespace pith {

class WorkerTeam {
 public:
  explicit WorkerTeam(int threads);  // at least 1; the caller counts as one
  ~WorkerTeam();
  WorkerTeam(const WorkerTeam&) = delete;
  WorkerTeam& operator=(const WorkerTeam&) = delete;

  int threads() const { return threads_; }

  // Calls body(worker) once on every worker, the caller being worker 0, and returns when all are
  // done. One caller at a time.
  void run(const std::function<void(int worker)>& body);

  // Inside body: waits until every worker is here. Every worker must call it equally often.
  void barrier();

 private:
  void work(int worker);

  const int threads_;
  std::vector<std::thread> workers_;
  // Written by the caller before round_ grows, read by workers after.
  const std::function<void(int)>* body_ = nullptr;
  bool closing_ = false;
  alignas(64) std::atomic<std::uint32_t> round_{0};
  alignas(64) std::atomic<int> arrived_{0};
  alignas(64) std::atomic<std::uint32_t> generation_{0};
};

// The part [begin, end) of n items that is worker's; parts differ by one item at most.
struct Share {
  std::size_t begin, end;
};
inline Share share_of(std::size_t n, int worker, int workers) {
  const auto w = static_cast<std::size_t>(worker), of = static_cast<std::size_t>(workers);
  return {n * w / of, n * (w + 1) / of};
}

}  // namespace pith
