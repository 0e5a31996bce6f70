#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "pith/curate/ingest/encoding.h"
#include "pith/curate/ingest/encoding_score.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::size_t kSampleBytes = 24 << 10;
constexpr std::size_t kPieces = 8;
constexpr std::size_t kAsciiRun = 24;
// What it takes to overrule a declaration: bytes beyond ASCII, and how much better another reads.
constexpr std::size_t kEvidence = 8;
constexpr double kMargin = 0.7;

bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// The text itself when short, else pieces spread over all of it, each begun behind an ASCII byte
// where there is one. Long runs of ASCII (markup) are cut out, since they say nothing.
std::string sample_of(std::string_view bytes) {
  std::string sample;
  const std::size_t pieces = bytes.size() <= kSampleBytes ? 1 : kPieces;
  const std::size_t room = kSampleBytes / pieces, stride = bytes.size() / pieces + 1;
  for (std::size_t p = 0; p < pieces; ++p) {
    std::size_t at = p * stride;
    const std::size_t stop = std::min(bytes.size(), at + stride);
    while (p > 0 && at < stop && is_high(bytes[at])) ++at;
    if (at == stop) at = p * stride;  // not one ASCII byte: one misread character does no harm
    std::size_t taken = 0, run = 0;
    for (; at < stop && (taken < room || (is_high(bytes[at]) && taken < 2 * room)); ++at) {
      run = is_high(bytes[at]) ? 0 : run + 1;
      if (run > kAsciiRun) continue;
      sample.push_back(bytes[at]);
      ++taken;
    }
    sample.push_back('\n');
  }
  return sample;
}

// NUL bytes at odd places say little-endian UTF-16 of mostly ASCII, at even places big-endian;
// for other scripts the high bytes of the characters are few and equal.
std::string_view utf16_guess(std::string_view bytes) {
  const std::size_t count = std::min<std::size_t>(bytes.size(), 4096) & ~std::size_t{1};
  if (count < 4 || bytes.substr(0, count).find('\0') == std::string_view::npos) return {};
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < count; i += 2) {
    even += bytes[i] == 0;
    odd += bytes[i + 1] == 0;
  }
  const std::size_t pairs = count / 2;
  if (odd * 50 > pairs && even * 20 < odd) return "utf-16le";
  if (even * 50 > pairs && odd * 20 < even) return "utf-16be";
  return {};
}

// UTF-8 but for a few damaged bytes.
bool mostly_utf8(std::string_view sample) {
  std::size_t good = 0, bad = 0;
  for (std::size_t at = 0; at < sample.size();) {
    const DecodedPoint point = decode_point(sample.substr(at));
    at += point.bytes;
    bad += !point.valid;
    good += point.valid && point.bytes > 1;
  }
  return good > 8 * bad;
}

std::string_view best_of(std::string_view sample, double& best_score) {
  std::string_view best = "windows-1252";
  best_score = -1e9;
  for (const std::string_view candidate : kGuessedEncodings) {
    const double score = encoding_score(sample, candidate);
    if (score > best_score) best_score = score, best = candidate;
  }
  return best;
}

}  // namespace

std::string_view guess_encoding(std::string_view bytes) {
  if (const std::string_view utf16 = utf16_guess(bytes); !utf16.empty()) return utf16;
  if (std::none_of(bytes.begin(), bytes.end(), is_high)) {
    const bool escapes = bytes.find("\x1B$B") != std::string_view::npos ||
                         bytes.find("\x1B$@") != std::string_view::npos;
    return escapes ? "iso-2022-jp" : "utf-8";
  }
  if (valid_utf8(bytes)) return "utf-8";
  const std::string sample = sample_of(bytes);
  if (mostly_utf8(sample)) return "utf-8";
  double best_score = 0;
  return best_of(sample, best_score);
}

std::string_view overrule_encoding(std::string_view bytes, std::string_view declared) {
  const std::string sample = sample_of(bytes);
  if (static_cast<std::size_t>(std::count_if(sample.begin(), sample.end(), is_high)) < kEvidence) {
    return declared;
  }
  double best_score = 0;
  const std::string_view best = best_of(sample, best_score);
  return best_score > encoding_score(sample, declared) + kMargin ? best : declared;
}

}  // namespace pith
