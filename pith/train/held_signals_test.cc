#include "pith/train/held_signals.h"

#include <gtest/gtest.h>
#include <omp.h>
#include <unistd.h>

#include <atomic>

namespace pith {
namespace {

std::atomic<int> handled{0};
void on_signal(int) { ++handled; }

class HeldSignalsTest : public testing::Test {
 protected:
  void SetUp() override {
    handled = 0;
    struct sigaction action {};
    action.sa_handler = on_signal;
    ASSERT_EQ(sigaction(SIGUSR1, &action, &before_), 0);
  }
  void TearDown() override { sigaction(SIGUSR1, &before_, nullptr); }

 private:
  struct sigaction before_ {};
};

TEST_F(HeldSignalsTest, HandlersWaitUntilTheyAreLetIn) {
  kill(getpid(), SIGUSR1);
  EXPECT_EQ(handled, 1);
  {
    const HeldSignals signals(2);
    kill(getpid(), SIGUSR1);
    EXPECT_EQ(handled, 1);
    signals.let_in();
    EXPECT_EQ(handled, 2);
    kill(getpid(), SIGUSR1);
    EXPECT_EQ(handled, 2);
  }
  EXPECT_EQ(handled, 3) << "what was still waiting";
}

TEST_F(HeldSignalsTest, NoThreadThatComputesTakesThem) {
  const HeldSignals signals(3);
  std::atomic<int> during{0}, threads{0};
#pragma omp parallel num_threads(3)
  {
    if (omp_get_thread_num() == 0) kill(getpid(), SIGUSR1);
#pragma omp barrier
    usleep(20000);
    ++threads;
    during = std::max(during.load(), handled.load());
  }
  EXPECT_EQ(threads, 3);
  EXPECT_EQ(during, 0);
  signals.let_in();
  EXPECT_EQ(handled, 1);
}

TEST_F(HeldSignalsTest, FaultsAreNotHeld) {
  const HeldSignals signals(1);
  sigset_t held;
  pthread_sigmask(SIG_SETMASK, nullptr, &held);
  EXPECT_TRUE(sigismember(&held, SIGINT));
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    EXPECT_FALSE(sigismember(&held, fault)) << fault;
  }
}

}  // namespace
}  // namespace pith
