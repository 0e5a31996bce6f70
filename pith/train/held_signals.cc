#include "pith/train/held_signals.h"

#include <pthread.h>

#include <initializer_list>

namespace pith {

HeldSignals::HeldSignals() {
  sigfillset(&held_);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) {
    sigdelset(&held_, fault);
  }
  pthread_sigmask(SIG_SETMASK, &held_, &before_);
}

HeldSignals::~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void HeldSignals::let_in() const {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  pthread_sigmask(SIG_SETMASK, &held_, nullptr);
}

}  // namespace pith
