#include "pith/text/text_cut.h"

#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// Whether a character other than white space ends at `at`. Ill-formed bytes are such characters.
bool visible_before(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  if (static_cast<unsigned char>(text[at - 1]) < 0x80) {
    return !is_whitespace(static_cast<unsigned char>(text[at - 1]));
  }
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && (text[begin] & 0xC0) == 0x80) --begin;
  const DecodedPoint point = decode_point(text.substr(begin, at - begin));
  return !point.valid || point.bytes != at - begin || !is_whitespace(point.code_point);
}

// Whether a whole character other than white space begins at `at`.
bool visible_at(std::string_view text, std::size_t at) {
  const DecodedPoint point = decode_point(text.substr(at));
  return point.bytes > 0 && point.valid && !is_whitespace(point.code_point);
}

// The place beside the space or newline at `at`, or 0.
std::size_t place_beside(std::string_view text, std::size_t at, CutPlaces places) {
  if (text[at] == ' ' && places.before_space && visible_before(text, at)) return at;
  if (text[at] == '\n' && places.after_newline && visible_before(text, at) &&
      visible_at(text, at + 1)) {
    return at + 1;
  }
  return 0;
}

constexpr std::string_view kBlanks = " \n";

}  // namespace

std::size_t next_cut(std::string_view text, std::size_t from, CutPlaces places) {
  for (std::size_t at = from == 0 ? 0 : from - 1; at < text.size(); ++at) {
    at = text.find_first_of(kBlanks, at);
    if (at == std::string_view::npos) break;
    const std::size_t place = place_beside(text, at, places);
    if (place > 0 && place >= from) return place;
  }
  return std::string_view::npos;
}

std::size_t last_cut(std::string_view text, CutPlaces places) {
  for (std::size_t end = text.size(); end > 0;) {
    const std::size_t at = text.substr(0, end).find_last_of(kBlanks);
    if (at == std::string_view::npos) break;
    if (const std::size_t place = place_beside(text, at, places)) return place;
    end = at;
  }
  return 0;
}

}  // namespace pith
