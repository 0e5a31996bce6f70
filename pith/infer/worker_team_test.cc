#include "pith/infer/worker_team.h"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>

namespace pith {
namespace {

TEST(WorkerTeamTest, EveryWorkerSeesWhatTheOthersWroteBeforeABarrier) {
  for (const int threads : {1, 2, 3, 8}) {
    WorkerTeam team(threads);
    std::vector<int> values(static_cast<std::size_t>(threads), 0), next(values);
    for (int round = 0; round < 50; ++round) {
      team.run([&](int worker) {
        const auto w = static_cast<std::size_t>(worker);
        for (int step = 0; step < 20; ++step) {
          next[w] = std::accumulate(values.begin(), values.end(), 0) % 1000 + worker;
          team.barrier();
          values[w] = next[w];
          team.barrier();
        }
      });
    }
    std::vector<int> alone(static_cast<std::size_t>(threads), 0);
    for (int step = 0; step < 50 * 20; ++step) {
      const int sum = std::accumulate(alone.begin(), alone.end(), 0) % 1000;
      std::iota(alone.begin(), alone.end(), sum);
    }
    EXPECT_EQ(values, alone) << threads << " threads";
  }
}

TEST(WorkerTeamTest, WakesWorkersThatFellAsleep) {
  WorkerTeam team(3);
  std::atomic<int> calls{0};
  for (int round = 0; round < 3; ++round) {
    team.run([&](int) { ++calls; });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(calls, 9);
}

TEST(WorkerTeamTest, SharesCoverEverythingOnce) {
  for (const std::size_t n : {0, 1, 5, 16, 17}) {
    std::size_t next = 0;
    for (int worker = 0; worker < 4; ++worker) {
      const Share share = share_of(n, worker, 4);
      EXPECT_EQ(share.begin, next);
      next = share.end;
    }
    EXPECT_EQ(next, n);
  }
}

}  // namespace
}  // namespace pith
