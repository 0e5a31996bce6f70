#include "pith/base/threads.h"

#include <gtest/gtest.h>

#include <atomic>

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

}  // namespace
}  // namespace pith
