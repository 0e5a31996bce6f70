#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace pith {

// Where a long job is. The strings are looked at during the call only.
struct Progress {
  std::string_view stage;   // what is being done: "tokenizer", "target: rating"
  std::uint64_t done = 0;   // of `total` units
  std::uint64_t total = 0;  // 0: not known
  std::string_view unit;    // "documents", "B", "steps"
  std::string_view note;    // what else is worth a glance: "loss 3.21"
  double budget_left = -1;  // seconds, of a job that ends with a budget; below 0: of none
};

// What a run may use and where it reports, built once by main and handed down, so that the library
// has no globals, never prints, and a test can run several runs side by side. A default Context is
// a quiet run on one thread without bounds: what tests want.
//
// Lifetime: given by reference and not kept; it outlives every call that it is given to.
// Threads: fields do not change while a run is under way, so any thread may look. The sinks are
// called from any thread, also from several at once, and must be quick.
struct Context {
  int threads = 1;         // that a stage may use, its caller's included; no result depends on it
  std::uint64_t seed = 0;  // every random choice follows from it (base/random.h)
  // Bound on resident memory, of which each stage takes the share it is given; 0: no bound given.
  std::uint64_t memory_bytes = 0;
  std::function<void(const Progress&)> on_progress;
  std::function<void(std::string_view)> on_warning;  // one line, no newline
  // Set by Ctrl-C. Whoever works in a loop looks at it several times a second and then returns
  // Error{kInterrupted}, with what was finished left as it is; it is never taken back.
  const std::atomic<bool>* stop = nullptr;

  bool stopped() const { return stop != nullptr && stop->load(std::memory_order_relaxed); }
  void progress(const Progress& report) const {
    if (on_progress) on_progress(report);
  }
  void warn(std::string_view message) const {
    if (on_warning) on_warning(message);
  }
};

}  // namespace pith
