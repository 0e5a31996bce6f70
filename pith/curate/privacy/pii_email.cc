#include <algorithm>
#include <array>

#include "pith/curate/privacy/pii_finders.h"

namespace pith {
namespace {

constexpr std::size_t kLongestLocal = 64, kLongestDomain = 253;  // RFC 5321, 4.5.3.1

constexpr bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
constexpr bool is_letter(char c) { return is_alnum(c) && !(c >= '0' && c <= '9'); }
constexpr bool is_local(char c) {
  return is_alnum(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}

bool equals_folded(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  });
}

// Names that belong to nobody: RFC 2606's and RFC 6762's, names of files ("icon@2x.png"), of
// ciphers ("aes256-gcm@openssh.com") and of the account behind which repositories lie.
bool is_nobody(std::string_view local, std::string_view domain, std::string_view top) {
  constexpr std::array<std::string_view, 5> kDomains = {"example.com", "example.net", "example.org",
                                                        "openssh.com", "libssh.org"};
  constexpr std::array<std::string_view, 16> kTops = {
      "png",     "jpg",     "jpeg", "gif",   "svg", "webp", "css",      "js",
      "example", "invalid", "test", "local", "lan", "html", "internal", "localdomain"};
  const auto is = [](std::string_view text) {
    return [text](std::string_view lower) { return equals_folded(text, lower); };
  };
  return std::any_of(kDomains.begin(), kDomains.end(), is(domain)) ||
         std::any_of(kTops.begin(), kTops.end(), is(top)) || equals_folded(local, "git");
}

}  // namespace

bool find_email(std::string_view text, std::size_t at, PiiSpan& span) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLongestLocal && is_local(text[begin - 1])) --begin;
  if (begin > 0 && is_local(text[begin - 1])) return false;  // longer than an address may be
  while (begin < at && !is_alnum(text[begin])) ++begin;      // "...name@" and "-name@"
  if (begin == at || text[at - 1] == '.') return false;

  std::size_t end = at + 1, label = end, last_label = end, labels = 0;
  while (end < text.size() && end - at <= kLongestDomain) {
    const char c = text[end];
    if (c == '.') {
      if (end == label || end + 1 == text.size() || !is_alnum(text[end + 1])) break;
      ++labels;
      label = last_label = end + 1;
    } else if (!is_alnum(c) && c != '-') {
      break;
    }
    ++end;
  }
  while (end > label && text[end - 1] == '-') --end;
  const std::string_view top = text.substr(last_label, end - last_label);
  if (labels == 0 || top.size() < 2 || !std::all_of(top.begin(), top.end(), is_letter))
    return false;
  if (is_nobody(text.substr(begin, at - begin), text.substr(at + 1, end - at - 1), top)) {
    return false;
  }
  span = {begin, end, PiiKind::kEmail};
  return true;
}

}  // namespace pith
