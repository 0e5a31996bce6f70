#include "pith/cli/progress_line.h"

#include <fmt/format.h>

#include <cstdio>

#include "pith/base/units.h"

namespace pith {
namespace {

std::string amount(std::uint64_t value, std::string_view unit) {
  if (unit == "B") return format_size(value);
  return format_count(value);
}

}  // namespace

std::string progress_text(const Progress& progress, double seconds, std::uint64_t done_before) {
  const bool bytes = progress.unit == "B";
  std::string text = fmt::format("{}: {}", progress.stage, amount(progress.done, progress.unit));
  if (progress.total > 0) {
    text += fmt::format(" of {}", amount(progress.total, progress.unit));
  }
  if (!bytes && !progress.unit.empty()) text += fmt::format(" {}", progress.unit);
  if (progress.total > 0) {
    text += fmt::format(" ({} %)", 100 * std::min(progress.done, progress.total) / progress.total);
  }
  const double done = static_cast<double>(progress.done - std::min(progress.done, done_before));
  if (seconds > 0 && done > 0) {
    const double rate = done / seconds;
    if (bytes) {
      text += fmt::format(", {}/s", format_size(static_cast<std::uint64_t>(rate)));
    } else {
      text += fmt::format(", {:.{}f}/s", rate, rate < 10 ? 1 : 0);
    }
    if (progress.total > progress.done) {
      text += fmt::format(
          ", {} left", format_duration(static_cast<double>(progress.total - progress.done) / rate));
    }
  }
  if (!progress.note.empty()) text += fmt::format(", {}", progress.note);
  return text;
}

void ProgressLine::report(const Progress& progress) {
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  if (progress.stage != stage_) {
    stage_ = std::string(progress.stage);
    stage_begin_ = last_shown_ = now;
    done_at_begin_ = progress.done;
    return;
  }
  const std::chrono::duration<double> since = now - last_shown_;
  if (since.count() < (terminal_ ? 0.2 : 5.0)) return;
  const std::chrono::duration<double> seconds = now - stage_begin_;
  last_shown_ = now;
  const std::string text = progress_text(progress, seconds.count(), done_at_begin_);
  if (terminal_) {
    std::fprintf(stderr, "\r\x1b[K%s", text.c_str());
    line_shown_ = true;
  } else {
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  std::fflush(stderr);
}

void ProgressLine::warn(std::string_view message) {
  const std::lock_guard lock(mutex_);
  clear_locked();
  std::fprintf(stderr, "pith: warning: %.*s\n", static_cast<int>(message.size()), message.data());
}

void ProgressLine::clear() {
  const std::lock_guard lock(mutex_);
  clear_locked();
}

void ProgressLine::clear_locked() {
  if (!line_shown_) return;
  std::fprintf(stderr, "\r\x1b[K");
  std::fflush(stderr);
  line_shown_ = false;
}

}  // namespace pith
