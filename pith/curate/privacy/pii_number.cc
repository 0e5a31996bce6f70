#include <algorithm>
#include <array>
#include <string>

#include "pith/curate/privacy/pii_finders.h"

namespace pith {
namespace {

constexpr std::size_t kMostDigits = 24;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_word(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

int number(std::string_view digits, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : digits.substr(at, count)) value = 10 * value + (c - '0');
  return value;
}

// The width of a separator between groups at `at`, 0 when there is none: space, hyphen, a bracket
// with a space, no-break space or the hyphens of typesetters.
std::size_t separator(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const std::string_view rest = text.substr(at, 4);
  if (rest.starts_with(") ") || rest.starts_with(")-") || rest.starts_with(" (")) return 2;
  if (rest[0] == ' ' || rest[0] == '-' || rest[0] == '.' || rest[0] == ')') return 1;
  if (rest.starts_with("\xC2\xA0")) return 2;  // U+00A0
  if (rest.starts_with("\xE2\x80\x91") || rest.starts_with("\xE2\x80\x93"))
    return 3;  // U+2011, U+2013
  return 0;
}

bool is_date(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 &&
         day <= kDays[static_cast<std::size_t>(month - 1)];
}

bool luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
    int value = *digit - '0';
    if (twice) value = value > 4 ? 2 * value - 9 : 2 * value;
    sum += value;
  }
  return sum % 10 == 0;
}

}  // namespace

bool read_number_run(std::string_view text, std::size_t begin, NumberRun& run,
                     std::string& storage) {
  storage.clear();
  run.groups.clear();
  run.plus = run.bracket = run.ends_in_x = false;
  run.begin = begin;
  std::size_t at = begin;
  if (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == '.' || text[begin - 1] == '/' ||
                    text[begin - 1] == '=' || text[begin - 1] == '#')) {
    return false;  // part of a name, a fraction, a path, a parameter
  }
  if (text[at] == '+') run.plus = true, ++at;
  if (at < text.size() && text[at] == '(') run.bracket = true, ++at;
  if (at >= text.size() || !is_digit(text[at])) return false;
  for (;;) {
    const std::size_t group = at;
    while (at < text.size() && is_digit(text[at]) && storage.size() <= kMostDigits) {
      storage.push_back(text[at++]);
    }
    run.groups.push_back(static_cast<unsigned char>(at - group));
    run.end = at;
    if (storage.size() > kMostDigits) {  // no number for people; go on behind it
      while (run.end < text.size() && is_digit(text[run.end])) ++run.end;
      run.digits = {};
      return true;
    }
    const std::size_t width = separator(text, at);
    if (width == 0 || at + width >= text.size() || !is_digit(text[at + width])) break;
    at += width;
  }
  run.digits = storage;
  const std::string_view rest = text.substr(run.end);
  if (!rest.empty() && (rest[0] == 'X' || rest[0] == 'x')) {
    run.ends_in_x = rest.size() == 1 || !is_word(rest[1]);
  }
  if (!rest.empty() && is_word(rest[0]) && !run.ends_in_x) run.digits = {};
  return true;
}

bool is_id_number(const NumberRun& run) {
  const std::string_view d = run.digits;
  if (d.size() != (run.ends_in_x ? 17u : 18u) || run.plus || run.bracket || run.groups.size() > 3) {
    return false;
  }
  // Provinces: GB/T 2260, the first digit of the region and the range of the second.
  constexpr std::array<int, 10> kLastOf = {0, 5, 3, 7, 6, 4, 5, 1, 3, 1};
  const int region = d[0] - '0', province = d[1] - '0';
  if (region == 0 || province == 0 || province > kLastOf[static_cast<std::size_t>(region)]) {
    return false;
  }
  if (!is_date(number(d, 6, 4), number(d, 10, 2), number(d, 12, 2))) return false;
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (d[i] - '0');
  const char check = "10X98765432"[sum % 11];
  return run.ends_in_x ? check == 'X' : check == d[17];
}

bool is_card(const NumberRun& run) {
  const std::string_view d = run.digits;
  if (d.size() < 13 || d.size() > 19 || run.plus || run.bracket || run.ends_in_x) return false;
  // As printed on cards: in one, or in groups of four (American Express 4 6 5).
  if (run.groups.size() > 1 &&
      !std::all_of(run.groups.begin(), run.groups.end() - 1,
                   [](unsigned char n) { return n == 4; }) &&
      !(run.groups.size() == 3 && run.groups[0] == 4 && run.groups[1] == 6)) {
    return false;
  }
  const int two = number(d, 0, 2), four = number(d, 0, 4);
  const bool visa = d[0] == '4' && (d.size() == 16 || d.size() == 13 || d.size() == 19);
  // The newer series begins as many other numbers do: only in groups it is sure.
  const bool newer = four >= 2221 && four <= 2720 && run.groups.size() == 4;
  const bool mastercard = d.size() == 16 && ((two >= 51 && two <= 55) || newer);
  const bool american_express = d.size() == 15 && (two == 34 || two == 37);
  const bool union_pay = two == 62 && d.size() >= 16;
  const bool discover = d.size() == 16 && (four == 6011 || two == 65);
  const bool jcb = d.size() == 16 && four >= 3528 && four <= 3589;
  return (visa || mastercard || american_express || union_pay || discover || jcb) && luhn(d);
}

}  // namespace pith
