#include <algorithm>
#include <array>
#include <cmath>

#include "pith/curate/privacy/pii_finders.h"

namespace pith {
namespace {

constexpr std::size_t kLongestSecret = 8192, kLongestValue = 512;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_alnum(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }
constexpr bool is_token(char c) { return is_alnum(c) || c == '_' || c == '-'; }
constexpr bool is_base64(char c) { return is_token(c) || c == '+' || c == '/' || c == '='; }

template <class Test>
std::size_t run_length(std::string_view text, std::size_t at, Test test,
                       std::size_t most = kLongestSecret) {
  std::size_t end = at;
  while (end < text.size() && end - at < most && test(text[end])) ++end;
  return end - at;
}

// Keys that their issuers give a prefix to, and how many characters follow it at least and at most.
struct Issued {
  std::string_view prefix;
  std::size_t least, most;
};
constexpr std::array kIssued = {
    Issued{"AKIA", 16, 16},       Issued{"ASIA", 16, 16},      Issued{"AIza", 35, 35},
    Issued{"ghp_", 36, 255},      Issued{"gho_", 36, 255},     Issued{"ghu_", 36, 255},
    Issued{"ghs_", 36, 255},      Issued{"ghr_", 36, 255},     Issued{"github_pat_", 22, 255},
    Issued{"glpat-", 20, 64},     Issued{"hf_", 30, 64},       Issued{"npm_", 36, 36},
    Issued{"sk-", 32, 255},       Issued{"sk_live_", 16, 255}, Issued{"rk_live_", 16, 255},
    Issued{"xoxb-", 20, 255},     Issued{"xoxp-", 20, 255},    Issued{"xoxa-", 20, 255},
    Issued{"xoxs-", 20, 255},     Issued{"LTAI", 12, 26},      Issued{"AKID", 32, 32},
    Issued{"pypi-AgEI", 50, 255},
};

// Bits a character, of what is written; a word has about 3, a random key of 20 above 3.5.
double entropy(std::string_view text) {
  std::array<int, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    const double p = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= p * std::log2(p);
  }
  return bits;
}

bool looks_random(std::string_view text) {
  const bool digits = std::any_of(text.begin(), text.end(), is_digit);
  const bool letters = std::any_of(text.begin(), text.end(), [](char c) { return !is_digit(c); });
  return digits && letters && entropy(text) >= 3.0;
}

bool issued_key(std::string_view text, std::size_t begin, std::size_t& end) {
  for (const Issued& key : kIssued) {
    if (text[begin] != key.prefix[0] || !text.substr(begin).starts_with(key.prefix)) continue;
    const std::size_t at = begin + key.prefix.size();
    const std::size_t length = run_length(text, at, is_token, key.most + 1);
    if (length < key.least || length > key.most || !looks_random(text.substr(at, length))) continue;
    end = at + length;
    return true;
  }
  return false;
}

// A JSON Web Token: header, payload and signature in base64url; both JSON objects begin with {".
bool web_token(std::string_view text, std::size_t begin, std::size_t& end) {
  if (!text.substr(begin).starts_with("eyJ")) return false;
  std::size_t at = begin + run_length(text, begin, is_token);
  if (!text.substr(std::min(at, text.size())).starts_with(".eyJ")) return false;
  at += 1 + run_length(text, at + 1, is_token);
  if (at >= text.size() || text[at] != '.') return false;
  const std::size_t signature = run_length(text, at + 1, is_token);
  if (signature < 16) return false;
  end = at + 1 + signature;
  return true;
}

// -----BEGIN RSA PRIVATE KEY----- to its end, or as far as it goes.
bool private_key(std::string_view text, std::size_t begin, std::size_t& end) {
  constexpr std::string_view kBegin = "-----BEGIN ", kKind = "PRIVATE KEY";
  const std::string_view rest = text.substr(begin, kLongestSecret);
  if (!rest.starts_with(kBegin)) return false;
  const std::size_t kind = rest.substr(0, 48).find(kKind);
  if (kind == std::string_view::npos) return false;
  const std::size_t foot = rest.find("-----END ", kind);
  if (foot == std::string_view::npos) return false;
  const std::size_t close = rest.find("-----", foot + 9);
  if (close == std::string_view::npos) return false;
  end = begin + close + 5;
  return true;
}

// password = "...", api_key: ...: the value, when it is no word.
bool assigned(std::string_view text, std::size_t begin, PiiSpan& span) {
  constexpr std::array<std::string_view, 12> kNames = {
      "api_key", "apikey",     "api-key", "access_token", "auth_token",    "secret_key",
      "secret",  "access_key", "passwd",  "password",     "client_secret", "private_token"};
  const auto same = [](char a, char b) { return (is_upper(a) ? a + 32 : a) == b; };
  for (const std::string_view name : kNames) {
    if (!same(text[begin], name[0])) continue;
    const std::string_view written = text.substr(begin, name.size());
    if (!std::equal(written.begin(), written.end(), name.begin(), name.end(), same)) continue;
    std::size_t at = begin + name.size();
    const auto skip = [&](std::string_view any) {
      const std::size_t from = at;
      while (at < text.size() && at - from < 4 && any.find(text[at]) != std::string_view::npos)
        ++at;
      return at > from;
    };
    skip("\"' ");
    if (!skip("=:")) continue;
    skip("> \"'");
    const std::size_t length = run_length(text, at, is_base64, kLongestValue + 1);
    if (length < 16 || length > kLongestValue || !looks_random(text.substr(at, length)) ||
        entropy(text.substr(at, length)) < 3.5) {
      continue;
    }
    span = {at, at + length, PiiKind::kSecret};
    return true;
  }
  return false;
}

}  // namespace

bool begins_secret(unsigned char byte) {
  return std::string_view("AaCcPpSsLghnrxe-").find(static_cast<char>(byte)) !=
         std::string_view::npos;
}

bool find_secret(std::string_view text, std::size_t begin, PiiSpan& span) {
  std::size_t end = 0;
  if (issued_key(text, begin, end) || web_token(text, begin, end) ||
      private_key(text, begin, end)) {
    span = {begin, end, PiiKind::kSecret};
    return true;
  }
  return assigned(text, begin, span);
}

}  // namespace pith
