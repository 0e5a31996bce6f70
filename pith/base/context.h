#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace pith {

// Where a long job is: `done` of `total` units ("documents", "B", "steps"); total 0 means unknown.
struct Progress {
  std::string_view stage;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string_view unit;
  std::string_view note;  // what else is worth a glance: "loss 3.21"
};

// The resources of one run, built once by main and handed down. The library reports through the
// sinks; only the program prints. Sinks may be called from any thread and must be quick.
struct Context {
  int threads = 1;                 // worker threads that a stage may use
  std::uint64_t seed = 0;          // every random choice follows from it
  std::uint64_t memory_bytes = 0;  // bound on resident memory; 0: no bound given
  std::function<void(const Progress&)> on_progress;
  std::function<void(std::string_view)> on_warning;  // one line, no newline
  const std::atomic<bool>* stop = nullptr;           // set by Ctrl-C; stages look at it often

  bool stopped() const { return stop != nullptr && stop->load(std::memory_order_relaxed); }
  void progress(const Progress& report) const {
    if (on_progress) on_progress(report);
  }
  void warn(std::string_view message) const {
    if (on_warning) on_warning(message);
  }
};

}  // namespace pith
