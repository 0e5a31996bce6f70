#include "pith/train/held_signals.h"

#include <omp.h>
#include <pthread.h>

#include <initializer_list>

namespace pith {

HeldSignals::HeldSignals(int threads) {
  sigfillset(&held_);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) {
    sigdelset(&held_, fault);
  }
  pthread_sigmask(SIG_SETMASK, &held_, &before_);
  // Threads made from here on inherit this; those of before are told. They keep it: a signal to the
  // process finds this thread.
#pragma omp parallel num_threads(threads)
  {
    if (omp_get_thread_num() != 0) pthread_sigmask(SIG_SETMASK, &held_, nullptr);
  }
}

HeldSignals::~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void HeldSignals::let_in() const {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  pthread_sigmask(SIG_SETMASK, &held_, nullptr);
}

}  // namespace pith
