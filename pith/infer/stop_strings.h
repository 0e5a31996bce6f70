#pragma once

#include <string>
#include <string_view>
#include <vector>

// Ends a stream of text at the first of some strings. What could be the beginning of one is held
// back until it is clear, so that no part of a stop string is ever shown. One thread at a time.
namespace pith {

class StopStrings {
 public:
  explicit StopStrings(std::vector<std::string> strings);  // empty ones are left out

  // Takes more text; returns what may be shown. Once stopped(), nothing more comes.
  std::string add(std::string_view text);
  bool stopped() const { return stopped_; }
  std::string finish();  // what was held back, at the end of the stream

 private:
  std::vector<std::string> strings_;
  std::string held_;
  bool stopped_ = false;
};

}  // namespace pith
