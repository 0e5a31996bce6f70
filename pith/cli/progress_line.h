#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "pith/base/context.h"

namespace pith {

// Shows Progress reports on stderr: one line redrawn in place on a terminal, a plain line every few
// seconds otherwise (logs stay readable). Quiet for the first moments of a stage, so that quick
// work prints nothing.
//
// Threads: report() and warn() may be called from any.
class ProgressLine {
 public:
  explicit ProgressLine(bool terminal) : terminal_(terminal) {}
  ~ProgressLine() { clear(); }

  void report(const Progress& progress);
  void warn(std::string_view message);
  // Removes the line from the terminal, before results are printed.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void clear_locked();

  const bool terminal_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::string stage_;
  Clock::time_point stage_begin_, last_shown_;
  std::uint64_t done_at_begin_ = 0;
  bool line_shown_ = false;
};

// The text of one report after `seconds` in the stage, `done_before` of the work having been done
// before it began (a resumed stage). Example:
// "curate: 1.25 GB of 10.0 GB (12 %), 85.1 MB/s, 1 m 42 s left, 120,301 documents"
std::string progress_text(const Progress& progress, double seconds, std::uint64_t done_before);

}  // namespace pith
