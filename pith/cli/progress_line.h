#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

#include "pith/base/context.h"

namespace pith {

// Shows on `out` (stderr) where a job is. On a terminal, one line redrawn in place; otherwise a
// plain line now and then, ever more rarely as the job gets longer, so that logs stay readable. A
// stage of over a second that was shown ends with a line that stays and says how long it took. A
// job of under two seconds shows nothing.
//
// Threads: every method may be called from any. Lifetime: as long as the job; it begins with it.
class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;

  ProgressLine(std::FILE* out, bool terminal, Clock::time_point now = Clock::now())
      : out_(out), terminal_(terminal), begin_(now) {}

  void report(const Progress& progress, Clock::time_point now = Clock::now());
  void warn(std::string_view message);
  void say(std::string_view message);  // a line for people, such as what will be done
  // Ends the stage at hand, before results are printed.
  void finish(Clock::time_point now = Clock::now());

 private:
  void end_stage(Clock::time_point now);
  void print(std::string_view text);  // a line that stays
  void clear();                       // removes the line that does not

  std::FILE* const out_;
  const bool terminal_;
  const Clock::time_point begin_;
  std::mutex mutex_;
  // Guarded by mutex_: the stage at hand, and what was last heard of it.
  std::string stage_, unit_;
  std::uint64_t done_ = 0, total_ = 0, done_at_begin_ = 0;
  Clock::time_point stage_begin_, last_shown_;
  bool stage_shown_ = false;
  bool line_shown_ = false;
};

// The text of one report after `seconds` in the stage, `done_before` of the work having been done
// before it began (a resumed stage). Example:
// "curate: 1.25 GB of 10.0 GB (12 %), 85.1 MB/s, 1 m 42 s left, 120,301 documents"
std::string progress_text(const Progress& progress, double seconds, std::uint64_t done_before);

// The beginning of `text` that fits in `columns`, with an ellipsis where something is cut.
std::string fit(std::string_view text, std::size_t columns);

}  // namespace pith
