#include <algorithm>
#include <array>
#include <cstring>

#include "pith/curate/extract/html_tokenizer.h"
#include "pith/text/utf8.h"

// Character references (WHATWG HTML, 13.2.5.72 on) and the small decodings of names and comments.
namespace pith {
namespace {

struct NamedReference {
  std::string_view name;  // without "&", with ";" where the standard has one
  std::string_view utf8;
};

constexpr NamedReference kNamedReferences[] = {
#include "pith/curate/extract/named_references.inc"
};

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Code points 0x80 to 0x9F are read as windows-1252; 0 keeps the code point.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || static_cast<unsigned char>((c | 0x20) - 'a') < 26; }

// The longest name that `text` starts with, or null: the range of names with the prefix so far
// narrows with every character.
const NamedReference* longest_name(std::string_view text) {
  const NamedReference* low = std::begin(kNamedReferences);
  const NamedReference* high = std::end(kNamedReferences);
  const NamedReference* best = nullptr;
  for (std::size_t i = 0; i < text.size() && low != high; ++i) {
    const char c = text[i];
    if (!is_alnum(c) && c != ';') break;
    const auto before = [i](const NamedReference& entry, char at) {
      return entry.name.size() <= i || entry.name[i] < at;
    };
    const auto after = [i](char at, const NamedReference& entry) {
      return entry.name.size() > i && at < entry.name[i];
    };
    low = std::lower_bound(low, high, c, before);
    high = std::upper_bound(low, high, c, after);
    if (low != high && low->name.size() == i + 1) best = low;
  }
  return best;
}

// `at` stands on "&#". Returns the position after the reference, or `at` when there is none.
std::size_t numeric_reference(std::string_view raw, std::size_t at, std::string& out) {
  std::size_t digits = at + 2;
  const bool hex = digits < raw.size() && (raw[digits] | 0x20) == 'x';
  if (hex) ++digits;
  std::uint32_t code = 0;
  std::size_t end = digits;
  for (; end < raw.size(); ++end) {
    const char c = raw[end];
    std::uint32_t digit;
    if (is_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      break;
    }
    code = std::min<std::uint32_t>(code * (hex ? 16 : 10) + digit, 0x110000);
  }
  if (end == digits) return at;
  if (end < raw.size() && raw[end] == ';') ++end;
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
    out += kReplacement;
  } else {
    if (code >= 0x80 && code < 0xA0 && kWindows1252[code - 0x80] != 0) {
      code = kWindows1252[code - 0x80];
    }
    append_utf8(code, out);
  }
  return end;
}

// `at` stands on "&". Appends what it stands for and returns the position after it.
std::size_t reference(std::string_view raw, std::size_t at, bool in_attribute, std::string& out) {
  if (at + 1 < raw.size() && raw[at + 1] == '#') {
    const std::size_t end = numeric_reference(raw, at, out);
    if (end != at) return end;
  } else if (at + 1 < raw.size() && is_alnum(raw[at + 1])) {
    const NamedReference* const match = longest_name(raw.substr(at + 1));
    if (match != nullptr) {
      const std::size_t end = at + 1 + match->name.size();
      const char after = end < raw.size() ? raw[end] : '\0';
      const bool kept_as_written =
          in_attribute && match->name.back() != ';' && (after == '=' || is_alnum(after));
      if (!kept_as_written) {
        out += match->utf8;
        return end;
      }
    }
  }
  out.push_back('&');
  return at + 1;
}

struct Rules {
  bool references = false;
  bool in_attribute = false;
  bool replace_nul = true;
  bool lower = false;
};

void decode(std::string_view raw, const Rules& rules, std::string& out) {
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t run = at;
    while (at < raw.size() && raw[at] != '&' && raw[at] != '\r' && raw[at] != '\0' &&
           !(rules.lower && raw[at] >= 'A' && raw[at] <= 'Z')) {
      ++at;
    }
    out.append(raw, run, at - run);
    if (at >= raw.size()) return;
    const char c = raw[at];
    if (c == '&' && rules.references) {
      at = reference(raw, at, rules.in_attribute, out);
      continue;
    }
    if (c == '\r') {
      out.push_back('\n');
      if (at + 1 < raw.size() && raw[at + 1] == '\n') ++at;
    } else if (c == '\0' && rules.replace_nul) {
      out += kReplacement;
    } else {
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
    }
    ++at;
  }
}

}  // namespace

void decode_html_text(std::string_view raw, HtmlContent content, std::string& out) {
  const bool data = content == HtmlContent::kData;
  decode(raw,
         {.references = data || content == HtmlContent::kRcdata,
          .replace_nul = !data && content != HtmlContent::kCdata},
         out);
}
void decode_html_attribute(std::string_view raw, std::string& out) {
  decode(raw, {.references = true, .in_attribute = true}, out);
}
void decode_html_name(std::string_view raw, std::string& out) { decode(raw, {.lower = true}, out); }
void decode_html_raw(std::string_view raw, std::string& out) { decode(raw, {}, out); }

}  // namespace pith
