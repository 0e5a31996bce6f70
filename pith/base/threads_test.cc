#include "pith/base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace pith {
namespace {

TEST(ThreadPoolTest, EveryItemIsVisitedOnceAtAwkwardSizes) {
  for (int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (std::size_t n : {0, 1, 2, 7, 100, 1001}) {
      for (std::size_t grain : {0, 1, 3, 64, 5000}) {
        std::vector<std::atomic<int>> visits(n);
        pool.parallel_for(n, grain, [&](std::size_t begin, std::size_t end, std::size_t worker) {
          ASSERT_LT(worker, static_cast<std::size_t>(threads));
          for (std::size_t i = begin; i < end; ++i) ++visits[i];
        });
        for (const auto& count : visits) ASSERT_EQ(count, 1) << threads << " " << n << " " << grain;
      }
    }
  }
}

TEST(BoundedQueueTest, GivesEveryItemOnceInOrderAndEndsAfterClose) {
  BoundedQueue<int> queue(2);
  std::thread putter([&] {
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(queue.put(i));
    queue.close();
  });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(queue.take(), i);
  EXPECT_EQ(queue.take(), std::nullopt);
  putter.join();
  EXPECT_FALSE(queue.put(1));
}

TEST(BoundedQueueTest, CloseWakesAWaitingPutter) {
  BoundedQueue<int> queue(1);
  ASSERT_TRUE(queue.put(1));
  std::thread putter([&] { EXPECT_FALSE(queue.put(2)); });
  queue.close();
  putter.join();
  EXPECT_EQ(queue.take(), 1);
}

TEST(BudgetTest, NeverMoreThanTheLimitIsUnderWay) {
  Budget budget(10);
  std::atomic<int> under_way = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 300; ++i) {
        const int amount = 1 + (i + t) % 5;
        ASSERT_TRUE(budget.acquire(static_cast<std::uint64_t>(amount)));
        EXPECT_LE(under_way += amount, 10);
        under_way -= amount;
        budget.release(static_cast<std::uint64_t>(amount));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(BudgetTest, WhatIsLargerThanAllOfItGoesAlone) {
  Budget budget(10);
  ASSERT_TRUE(budget.acquire(1));
  std::atomic<bool> through = false;
  std::thread large([&] {
    ASSERT_TRUE(budget.acquire(100));
    through = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(through);
  budget.release(1);
  large.join();
  std::thread small([&] { EXPECT_FALSE(budget.acquire(1)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  budget.close();  // wakes who waits
  small.join();
}

}  // namespace
}  // namespace pith
