#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "pith/base/result.h"

namespace pith {

// Items that are read in order, worked at side by side, and consumed in order again.
//
//   read(item) -> Result<bool>         the next item, false at the end
//   weight(item) -> uint64             what it takes while it is under way, in bytes say
//   work(worker, item) -> Result<Out>  any number of threads at once; worker is 0 .. threads - 1
//   consume(out) -> Status             in the order of reading
//
// The caller is worker 0, and no thread does nothing but read or consume: reading and consuming are
// done by whichever worker is free, by one at a time each. At most `limit` is under way together
// with one item. After an error nothing more is read; of several, that of the earliest item counts.
template <class Item, class Out>
class OrderedWork {
 public:
  OrderedWork(int threads, std::uint64_t limit)
      : threads_(static_cast<std::size_t>(threads)), limit_(limit) {}

  template <class Read, class Weight, class Work, class Consume>
  Status run(const Read& read, const Weight& weight, const Work& work, const Consume& consume) {
    std::vector<std::thread> others;
    const auto loop = [&](std::size_t worker) { turn(worker, read, weight, work, consume); };
    for (std::size_t w = 1; w < threads_; ++w) others.emplace_back(loop, w);
    loop(0);
    for (std::thread& other : others) other.join();
    if (failed_) return error_;
    return {};
  }

 private:
  struct Done {
    std::uint64_t weight;
    Out out;
  };

  template <class Read, class Weight, class Work, class Consume>
  void turn(std::size_t worker, const Read& read, const Weight& weight, const Work& work,
            const Consume& consume) {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return over_ || (!reading_ && weight_ <= limit_); });
      if (over_) return;
      reading_ = true;
      const std::uint64_t number = read_++;
      lock.unlock();
      Item item;
      const Result<bool> more = read(item);
      const bool got = more && *more;
      const std::uint64_t item_weight = got ? weight(item) : 0;
      lock.lock();
      reading_ = false;
      if (!more) fail(number, more.error());
      over_ |= !got;
      weight_ += item_weight;
      changed_.notify_all();
      if (!got) return;
      lock.unlock();
      Result<Out> out = work(worker, item);
      item = Item();
      lock.lock();
      if (!out) {
        fail(number, out.error());
        return;
      }
      done_.emplace(number, Done{item_weight, std::move(*out)});
      if (!consuming_) consume_in_order(lock, consume);
    }
  }

  // Called with the lock held, which is let go while something is consumed.
  template <class Consume>
  void consume_in_order(std::unique_lock<std::mutex>& lock, const Consume& consume) {
    consuming_ = true;
    while (!done_.empty() && done_.begin()->first == consumed_ && !failed_before(consumed_)) {
      const std::uint64_t number = consumed_++;
      Done done = std::move(done_.begin()->second);
      done_.erase(done_.begin());
      lock.unlock();
      const Status status = consume(std::move(done.out));
      lock.lock();
      if (!status) fail(number, status.error());
      weight_ -= done.weight;
      changed_.notify_all();
    }
    consuming_ = false;
  }

  bool failed_before(std::uint64_t number) const { return failed_ && failed_at_ < number; }

  void fail(std::uint64_t number, const Error& error) {
    if (!failed_ || number < failed_at_) error_ = error, failed_at_ = number;
    failed_ = over_ = true;
    changed_.notify_all();
  }

  const std::size_t threads_;
  const std::uint64_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  bool reading_ = false, consuming_ = false, over_ = false, failed_ = false;
  std::uint64_t read_ = 0, consumed_ = 0;  // items
  std::uint64_t weight_ = 0;               // under way
  std::map<std::uint64_t, Done> done_;     // out of order
  Error error_;
  std::uint64_t failed_at_ = 0;
};

}  // namespace pith
