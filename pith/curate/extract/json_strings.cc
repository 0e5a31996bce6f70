#include "pith/curate/extract/json_strings.h"

#include <algorithm>
#include <cstdint>

#include "pith/curate/extract/html_tokenizer.h"

namespace pith {
namespace json_internal {

std::size_t read_string(std::string_view json, std::size_t at, std::string& out) {
  const auto hex4 = [&](std::size_t from) {
    std::uint32_t code = 0;
    for (std::size_t i = from; i < from + 4; ++i) {
      const char c = i < json.size() ? json[i] : '0';
      const int digit = c >= '0' && c <= '9'                     ? c - '0'
                        : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                 : 0;
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    return code;
  };
  while (at < json.size() && json[at] != '"') {
    const std::size_t run = at;
    while (at < json.size() && json[at] != '"' && json[at] != '\\') ++at;
    out.append(json, run, at - run);
    if (at >= json.size() || json[at] == '"') break;
    const char escape = at + 1 < json.size() ? json[at + 1] : '\\';
    at += 2;
    if (escape == 'n' || escape == 't' || escape == 'r') {
      out += escape == 'n' ? '\n' : ' ';
    } else if (escape == 'u') {
      std::uint32_t code = hex4(at);
      at += 4;
      if (code >= 0xD800 && code < 0xDC00 && json.substr(std::min(at, json.size()), 2) == "\\u") {
        code = 0x10000 + ((code - 0xD800) << 10) + ((hex4(at + 2) - 0xDC00) & 0x3FF);
        at += 6;
      }
      decode_html_text("&#" + std::to_string(code) + ";", HtmlContent::kData, out);
    } else if (escape != 'b' && escape != 'f') {
      out += escape;
    }
  }
  return std::min(at + 1, json.size());
}

}  // namespace json_internal

}  // namespace pith
