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
  std::unique_lock lock(mutex_);
  body_ = &body;
  n_ = n;
  grain_ = std::max<std::size_t>(grain, 1);
  next_ = 0;
  wake_.notify_all();
  run_pieces(lock, 0);
  // Workers that have not woken up by now have nothing to do, and are not waited for.
  done_.wait(lock, [this] { return running_ == 0; });
}

void ThreadPool::work(std::size_t worker) {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return closing_ || next_ < n_; });
    if (closing_) return;
    run_pieces(lock, worker);
    if (running_ == 0) done_.notify_one();
  }
}

// Called with the lock held, which is let go while a piece is worked at.
void ThreadPool::run_pieces(std::unique_lock<std::mutex>& lock, std::size_t worker) {
  while (next_ < n_) {
    const std::size_t begin = next_, end = std::min(n_, begin + grain_);
    const Body& body = *body_;
    next_ = end;
    ++running_;
    lock.unlock();
    body(begin, end, worker);
    lock.lock();
    --running_;
  }
}

bool Budget::acquire(std::uint64_t amount) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] {
    return closed_ || used_ == 0 || (amount <= limit_ && used_ <= limit_ - amount);
  });
  if (closed_) return false;
  used_ += amount;
  return true;
}

void Budget::release(std::uint64_t amount) {
  const std::lock_guard lock(mutex_);
  used_ -= amount;
  room_.notify_all();
}

void Budget::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  room_.notify_all();
}

}  // namespace pith
