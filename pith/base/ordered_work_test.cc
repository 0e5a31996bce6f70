#include "pith/base/ordered_work.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>

namespace pith {
namespace {

using Numbers = OrderedWork<int, int>;

// Items 0 .. n - 1, the later of two neighbours done sooner.
struct Counted {
  explicit Counted(int n) : end(n) {}
  Result<bool> read(int& item) {
    item = next;
    return next++ < end;
  }
  static Result<int> work(int item) {
    std::this_thread::sleep_for(std::chrono::microseconds(item % 2 == 0 ? 300 : 10));
    return item * 3;
  }
  int end, next = 0;
};

TEST(OrderedWorkTest, WhatWasReadFirstIsConsumedFirst) {
  for (int threads : {1, 2, 5}) {
    for (int n : {0, 1, 2, 50}) {
      Counted items(n);
      std::vector<int> seen;
      const Status status =
          Numbers(threads, 4)
              .run([&](int& i) { return items.read(i); }, [](int) { return std::uint64_t{1}; },
                   [](std::size_t, int i) { return Counted::work(i); },
                   [&](int out) -> Status {
                     seen.push_back(out);
                     return {};
                   });
      ASSERT_TRUE(status);
      ASSERT_EQ(seen.size(), static_cast<std::size_t>(n)) << threads;
      for (int i = 0; i < n; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], 3 * i);
    }
  }
}

TEST(OrderedWorkTest, NoMoreThanTheLimitIsUnderWay) {
  Counted items(60);
  std::atomic<int> under_way = 0, most = 0;
  ASSERT_TRUE(Numbers(8, 20).run(
      [&](int& i) {
        const Result<bool> more = items.read(i);
        if (*more) most = std::max(most.load(), under_way += 10);
        return more;
      },
      [](int) { return std::uint64_t{10}; }, [](std::size_t, int i) { return Counted::work(i); },
      [&](int) -> Status {
        under_way -= 10;
        return {};
      }));
  EXPECT_LE(most, 30);
  EXPECT_GE(most, 20);
}

TEST(OrderedWorkTest, TheErrorOfTheEarliestItemCounts) {
  for (int threads : {1, 4}) {
    Counted items(1000);
    int consumed = 0;
    const Status status =
        Numbers(threads, 100)
            .run([&](int& i) { return items.read(i); }, [](int) { return std::uint64_t{1}; },
                 [](std::size_t, int i) -> Result<int> {
                   if (i < 10) return Counted::work(i);
                   return input_error("item " + std::to_string(i));
                 },
                 [&](int) -> Status {
                   ++consumed;
                   return {};
                 });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "item 10");
    EXPECT_EQ(consumed, 10);
    EXPECT_LT(items.next, 100);
  }
}

TEST(OrderedWorkTest, AReadersOrConsumersErrorEndsIt) {
  for (int threads : {1, 4}) {
    const auto weight = [](int) { return std::uint64_t{1}; };
    const auto work = [](std::size_t, int i) -> Result<int> { return i; };
    int number = 0;
    const Status read = Numbers(threads, 100)
                            .run(
                                [&](int& i) -> Result<bool> {
                                  i = number++;
                                  if (number > 5) return input_error("unreadable");
                                  return true;
                                },
                                weight, work, [](int) { return Status(); });
    EXPECT_EQ(read.error().message, "unreadable");
    Counted items(1000);
    int consumed = 0;
    const Status full = Numbers(threads, 100)
                            .run([&](int& i) { return items.read(i); }, weight, work,
                                 [&](int out) -> Status {
                                   ++consumed;
                                   if (out == 3) return input_error("full");
                                   return {};
                                 });
    EXPECT_EQ(full.error().message, "full");
    EXPECT_EQ(consumed, 4);
  }
}

}  // namespace
}  // namespace pith
