#include "pith/cli/progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "pith/base/units.h"

namespace pith {
namespace {

constexpr double kQuietSeconds = 2;       // from the beginning of the job
constexpr double kShortStageSeconds = 1;  // a shorter one leaves no line
constexpr double kRedrawSeconds = 0.2;    // on a terminal
constexpr double kPlainSeconds = 5;       // between plain lines, at first
constexpr double kPlainShare = 1.0 / 20;  // of the job's time so far, later

using Seconds = std::chrono::duration<double>;

// "1.25 GB of 10.0 GB", "9 of 60 steps".
std::string amount(std::uint64_t done, std::uint64_t total, std::string_view unit) {
  const bool bytes = unit == "B";
  const auto number = [&](std::uint64_t value) {
    return bytes ? format_size(value) : format_count(value);
  };
  std::string text = number(done);
  if (total > 0) text += " of " + number(total);
  if (!bytes && !unit.empty()) text += " " + std::string(unit);
  return text;
}

std::size_t columns_of(std::FILE* out) {
  struct winsize size = {};
  if (::ioctl(::fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

std::string progress_text(const Progress& progress, double seconds, std::uint64_t done_before) {
  std::string text =
      fmt::format("{}: {}", progress.stage, amount(progress.done, progress.total, progress.unit));
  if (progress.total > 0) {
    text += fmt::format(" ({} %)", 100 * std::min(progress.done, progress.total) / progress.total);
  }
  const double done = static_cast<double>(progress.done - std::min(progress.done, done_before));
  if (seconds > 0 && done > 0) {
    const double rate = done / seconds;
    if (progress.unit == "B") {
      text += fmt::format(", {}/s", format_size(static_cast<std::uint64_t>(rate)));
    } else {
      text += fmt::format(", {:.{}f}/s", rate, rate < 10 ? 1 : 0);
    }
    if (progress.total > progress.done && progress.budget_left < 0) {
      text += fmt::format(
          ", {} left", format_duration(static_cast<double>(progress.total - progress.done) / rate));
    }
  }
  if (progress.budget_left >= 0) {
    text += fmt::format(", {} of the budget left", format_duration(progress.budget_left));
  }
  if (!progress.note.empty()) text += fmt::format(", {}", progress.note);
  return text;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (text.size() <= columns) return std::string(text);
  if (columns == 0) return "";
  std::size_t end = columns - 1;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

void ProgressLine::report(const Progress& progress, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (progress.stage != stage_) {
    end_stage(now);
    stage_ = progress.stage;
    stage_begin_ = last_shown_ = now;
    done_at_begin_ = progress.done;
  }
  unit_ = progress.unit;
  done_ = progress.done;
  total_ = progress.total;
  const double age = Seconds(now - begin_).count();
  const double pause = terminal_ ? kRedrawSeconds : std::max(kPlainSeconds, age * kPlainShare);
  if (age < kQuietSeconds || Seconds(now - last_shown_).count() < pause) return;
  last_shown_ = now;
  stage_shown_ = true;
  const std::string text =
      progress_text(progress, Seconds(now - stage_begin_).count(), done_at_begin_);
  if (terminal_) {
    // Not in the last column, where terminals begin a new line.
    std::fprintf(out_, "\r\x1b[K%s", fit(text, columns_of(out_) - 1).c_str());
    line_shown_ = true;
    std::fflush(out_);
  } else {
    print(text);
  }
}

void ProgressLine::warn(std::string_view message) {
  const std::lock_guard lock(mutex_);
  print("pith: warning: " + std::string(message));
}

void ProgressLine::say(std::string_view message) {
  const std::lock_guard lock(mutex_);
  print(message);
}

void ProgressLine::finish(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  end_stage(now);
}

void ProgressLine::end_stage(Clock::time_point now) {
  const double seconds = Seconds(now - stage_begin_).count();
  if (stage_shown_ && seconds >= kShortStageSeconds) {
    // "60 steps", not "60 of 60 steps"; "239 MB" where what is left does not show.
    const bool whole = amount(done_, 0, unit_) == amount(total_, 0, unit_) || done_ > total_;
    print(stage_ + ": " + amount(done_, whole ? 0 : total_, unit_) + " in " +
          format_duration(seconds));
  }
  clear();
  stage_.clear();
  stage_shown_ = false;
}

void ProgressLine::print(std::string_view text) {
  clear();
  std::fprintf(out_, "%.*s\n", static_cast<int>(text.size()), text.data());
  std::fflush(out_);
}

void ProgressLine::clear() {
  if (!line_shown_) return;
  std::fprintf(out_, "\r\x1b[K");
  line_shown_ = false;
}

}  // namespace pith
