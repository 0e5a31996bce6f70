#pragma once

#include <csignal>

namespace pith {

// While it lives, signals with handlers wait, on this thread and on those that it starts meanwhile
// (the workers of a transformer or an optimizer: make them after this). oneDNN 2.6's generated
// products use the stack register for data: a handler that runs meanwhile, even an empty one,
// writes its frame over the heap. let_in() is the place for them.
//
// Threads: made, asked and destroyed by the same one.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  void let_in() const;  // handlers of what has come run now, on this thread

 private:
  sigset_t held_, before_;
};

}  // namespace pith
