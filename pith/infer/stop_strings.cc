#include "pith/infer/stop_strings.h"

#include <algorithm>
#include <utility>

namespace pith {

StopStrings::StopStrings(std::vector<std::string> strings) : strings_(std::move(strings)) {
  std::erase(strings_, "");
}

std::string StopStrings::add(std::string_view text) {
  if (stopped_) return "";
  held_ += text;
  std::size_t shown = std::string::npos;
  for (const std::string& string : strings_) shown = std::min(shown, held_.find(string));
  if (shown != std::string::npos) {
    stopped_ = true;
  } else {
    shown = held_.size();
    for (const std::string& string : strings_) {
      // The longest end of held_ that begins this string.
      for (std::size_t n = std::min(string.size() - 1, held_.size()); n > 0; --n) {
        if (std::string_view(held_).ends_with(std::string_view(string).substr(0, n))) {
          shown = std::min(shown, held_.size() - n);
          break;
        }
      }
    }
  }
  std::string out = held_.substr(0, shown);
  held_.erase(0, shown);
  return out;
}

std::string StopStrings::finish() { return stopped_ ? "" : std::exchange(held_, {}); }

}  // namespace pith
