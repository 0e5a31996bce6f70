#include "pith/base/threads.h"

#include <algorithm>

#include "pith/base/check.h"

namespace pith {

ThreadPool::ThreadPool(int threads) {
  PITH_CHECK(threads >= 1, "a pool has at least the caller");
  for (int worker = 1; worker < threads; ++worker) {
    workers_.emplace_back([this, worker] { work(static_cast<std::size_t>(worker)); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::parallel_for(std::size_t n, std::size_t grain, const Body& body) {
  if (n == 0) return;
  if (workers_.empty() || n <= grain) return body(0, n, 0);
  {
    const std::lock_guard lock(mutex_);
    body_ = &body;
    n_ = n;
    grain_ = std::max<std::size_t>(grain, 1);
    next_ = 0;
    busy_ = workers_.size();
    ++generation_;
  }
  wake_.notify_all();
  run_pieces(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return busy_ == 0; });
  body_ = nullptr;
}

void ThreadPool::work(std::size_t worker) {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return closing_ || generation_ != seen; });
    if (closing_) return;
    seen = generation_;
    lock.unlock();
    run_pieces(worker);
    lock.lock();
    if (--busy_ == 0) done_.notify_one();
  }
}

void ThreadPool::run_pieces(std::size_t worker) {
  while (true) {
    std::size_t begin, end;
    const Body* body;
    {
      const std::lock_guard lock(mutex_);
      if (next_ >= n_) return;
      begin = next_;
      end = std::min(n_, begin + grain_);
      next_ = end;
      body = body_;
    }
    (*body)(begin, end, worker);
  }
}

}  // namespace pith
