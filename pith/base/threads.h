#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace pith {

// A fixed set of workers. They sleep while there is nothing to do, so that a machine that is busy
// with other work loses no time to them.
// Threads: parallel_for may be called by one thread at a time. Workers inherit the signal mask of
// the thread that makes the pool.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);  // at least 1; the caller counts as one
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls body(begin, end, worker) over disjoint pieces of [0, n) of at most `grain` items, the
  // caller being worker 0; returns when all are done. Which worker gets a piece is not fixed.
  using Body = std::function<void(std::size_t begin, std::size_t end, std::size_t worker)>;
  void parallel_for(std::size_t n, std::size_t grain, const Body& body);

 private:
  void work(std::size_t worker);
  void run_pieces(std::unique_lock<std::mutex>& lock, std::size_t worker);

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  // Guarded by mutex_.
  const Body* body_ = nullptr;
  std::size_t n_ = 0, grain_ = 1, next_ = 0;
  std::size_t running_ = 0;  // pieces that a worker is at
  bool closing_ = false;
};

// Hands items from one stage to the next; a slow taker slows the putter, so memory is bounded.
// Threads: any number on either side.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // Waits while full. False when the queue was closed; the item is then gone.
  bool put(T item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
    if (closed_) return false;
    items_.push_back(std::move(item));
    filled_.notify_one();
    return true;
  }

  // Waits while empty. Empty result: closed and drained.
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    T item = std::move(items_.front());
    items_.pop_front();
    room_.notify_one();
    return item;
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    room_.notify_all();
    filled_.notify_all();
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable room_, filled_;
  // Guarded by mutex_.
  std::deque<T> items_;
  bool closed_ = false;
};

// A limit on what is under way between two stages, in bytes say, where items differ in weight.
// Threads: any number on either side.
class Budget {
 public:
  explicit Budget(std::uint64_t limit) : limit_(limit) {}

  // Waits until `amount` fits; one that never would, until nothing else is under way. False when
  // the budget was closed.
  bool acquire(std::uint64_t amount);
  void release(std::uint64_t amount);
  void close();

 private:
  const std::uint64_t limit_;
  std::mutex mutex_;
  std::condition_variable room_;
  // Guarded by mutex_.
  std::uint64_t used_ = 0;
  bool closed_ = false;
};

}  // namespace pith
