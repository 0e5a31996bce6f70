#include "pith/train/held_signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>

#include "pith/base/threads.h"

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
    const HeldSignals signals;
    kill(getpid(), SIGUSR1);
    EXPECT_EQ(handled, 1);
    signals.let_in();
    EXPECT_EQ(handled, 2);
    kill(getpid(), SIGUSR1);
    EXPECT_EQ(handled, 2);
  }
  EXPECT_EQ(handled, 3) << "what was still waiting";
}

TEST_F(HeldSignalsTest, ThreadsStartedMeanwhileNeverTakeThem) {
  const HeldSignals signals;
  ThreadPool pool(3);
  std::atomic<int> started{0}, during{0};
  pool.parallel_for(3, 1, [&](std::size_t, std::size_t, std::size_t) {
    if (++started == 3) kill(getpid(), SIGUSR1);
    while (started < 3) usleep(1000);
    usleep(20000);
    during += handled;
  });
  EXPECT_EQ(during, 0);
  signals.let_in();
  EXPECT_EQ(handled, 1);
}

TEST_F(HeldSignalsTest, FaultsAreNotHeld) {
  const HeldSignals signals;
  sigset_t held;
  pthread_sigmask(SIG_SETMASK, nullptr, &held);
  EXPECT_TRUE(sigismember(&held, SIGINT));
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    EXPECT_FALSE(sigismember(&held, fault)) << fault;
  }
}

}  // namespace
}  // namespace pith
