#include "pith/base/toml_nesting.h"

#include <algorithm>

namespace pith {

Status check_toml_nesting(std::string_view text, const std::string& path) {
  constexpr std::ptrdiff_t kMostDots = 1000;
  for (std::size_t begin = 0, line = 1; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (std::ranges::count(text.substr(begin, end - begin), '.') > kMostDots) {
      return input_error("[config] " + path + " line " + std::to_string(line) +
                         ": is nested too deep, with over 1,000 dots; settings have one table "
                         "and a name");
    }
    begin = end + 1;
  }
  return {};
}

}  // namespace pith
