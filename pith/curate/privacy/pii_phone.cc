#include <algorithm>
#include <array>
#include <string>

#include "pith/curate/privacy/pii_finders.h"

namespace pith {
namespace {

constexpr std::size_t kCueBytes = 24;  // how far before a number its cue may begin

constexpr bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Whether a word that announces a telephone number stands before it, with no number between.
bool has_cue(std::string_view text, std::size_t begin) {
  constexpr std::array<std::string_view, 19> kCues = {
      "tel",  "telephone", "phone", "fax",  "mobile",  "hotline", "whatsapp",
      "电话", "電話",      "手机",  "手機", "传真",    "傳真",    "热线",
      "熱線", "微信",      "qq",    "咨询", "联系方式"};
  const std::size_t from = begin > kCueBytes ? begin - kCueBytes : 0;
  std::string before(text.substr(from, begin - from));
  std::transform(before.begin(), before.end(), before.begin(), lower);
  for (const std::string_view cue : kCues) {
    const std::size_t at = before.rfind(cue);
    if (at == std::string::npos) continue;
    const std::size_t behind = at + cue.size();
    if (is_letter(cue[0]) && ((at > 0 && is_letter(before[at - 1])) ||
                              (behind < before.size() && is_letter(before[behind])))) {
      continue;  // "hotel", "telnet"
    }
    if (before.find_first_of("0123456789", behind) == std::string::npos) return true;
  }
  return false;
}

template <std::size_t N>
bool grouped(const NumberRun& run, const std::array<unsigned char, N>& sizes) {
  return std::equal(run.groups.begin(), run.groups.end(), sizes.begin(), sizes.end());
}

// Mainland mobile numbers: 1[3-9] and nine more, in one or as 3-4-4.
bool chinese_mobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

// Area code and number: 010-62345678, (0571) 8765 4321; 400-820-8820.
bool chinese_landline(const NumberRun& run) {
  const std::string_view d = run.digits;
  if (run.groups.size() < 2) return false;
  const std::size_t area = run.groups[0];
  if (d.starts_with("400") || d.starts_with("800")) return area == 3 && d.size() == 10;
  if (d[0] != '0' || d[1] == '0') return false;
  const std::size_t rest = d.size() - area;
  if (area == 3) return (d[1] == '1' || d[1] == '2') && rest == 8 && run.groups.size() <= 3;
  return area == 4 && d[1] >= '3' && (rest == 7 || rest == 8) && run.groups.size() <= 3;
}

// The North American plan: area code and exchange begin with 2 to 9.
bool north_american(const NumberRun& run) {
  const std::string_view d = run.digits;
  const bool with_country = d.size() == 11 && d[0] == '1' && run.groups[0] == 1;
  if (d.size() != 10 && !with_country) return false;
  const std::string_view local = d.substr(d.size() - 10);
  if (local[0] < '2' || local[3] < '2') return false;
  return with_country ? grouped<4>(run, {1, 3, 3, 4}) : grouped<3>(run, {3, 3, 4});
}

// 2014-04-22 and 20140422.
bool is_date(const NumberRun& run) {
  const std::string_view d = run.digits;
  if (d.size() != 8 || !(d.starts_with("19") || d.starts_with("20"))) return false;
  return run.groups.size() == 1 || grouped<3>(run, {4, 2, 2});
}

}  // namespace

bool is_phone(std::string_view text, const NumberRun& run) {
  const std::string_view d = run.digits;
  if (d.size() < 7 || d.size() > 15 || run.ends_in_x) return false;
  // Addresses and versions: 192.168.1.10, and decimals: 3.14159265.
  const std::string_view written = text.substr(run.begin, run.end - run.begin);
  const auto dots = std::count(written.begin(), written.end(), '.');
  if (dots > 0 && !(dots == 2 && north_american(run))) return false;
  if (run.plus) return d[0] != '0' && d.size() >= 8;  // E.164: country code and number
  if (chinese_mobile(d) && (run.groups.size() == 1 || grouped<3>(run, {3, 4, 4}) ||
                            grouped<3>(run, {3, 3, 5}) || grouped<3>(run, {4, 3, 4}))) {
    return true;
  }
  if (d.starts_with("86") && chinese_mobile(d.substr(2))) return true;
  if (d.starts_with("0086") && d.size() >= 13) return true;
  if (chinese_landline(run) || north_american(run)) return true;
  return !is_date(run) && has_cue(text, run.begin);
}

}  // namespace pith
