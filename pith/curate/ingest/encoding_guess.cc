#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "pith/curate/ingest/encoding.h"
#include "pith/curate/ingest/encoding_convert.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::size_t kSampleBytes = 24 << 10;
constexpr std::size_t kPieces = 8;

// Pieces spread over the whole text, each grown to begin and end at ASCII where that is near, and
// with long runs of ASCII (markup) cut out, since they say nothing.
std::string sample_of(std::string_view bytes) {
  std::string sample;
  const std::size_t piece = kSampleBytes / kPieces;
  const auto is_high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  const std::size_t stride = bytes.size() / kPieces + 1;
  for (std::size_t p = 0; p < kPieces; ++p) {
    std::size_t at = p * stride;
    const std::size_t stop = std::min(bytes.size(), at + stride);
    if (p > 0) {
      while (at < stop && is_high(bytes[at])) ++at;
    }
    std::size_t taken = 0, run = 0;
    for (; at < stop && (taken < piece || is_high(bytes[at])) && taken < 2 * piece; ++at) {
      run = is_high(bytes[at]) ? 0 : run + 1;
      if (run > 24) continue;
      sample.push_back(bytes[at]);
      ++taken;
    }
    if (at < stop) sample.push_back(' ');
  }
  return sample;
}

// NUL bytes at odd places say little-endian UTF-16 of mostly ASCII, at even places big-endian.
std::string_view utf16_guess(std::string_view bytes) {
  const std::size_t count = std::min<std::size_t>(bytes.size(), 4096) & ~std::size_t{1};
  if (count < 4) return {};
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < count; i += 2) {
    even += bytes[i] == 0;
    odd += bytes[i + 1] == 0;
  }
  const std::size_t pairs = count / 2;
  if (odd * 10 > pairs * 2 && even * 20 < odd) return "utf-16le";
  if (even * 10 > pairs * 2 && odd * 20 < even) return "utf-16be";
  return {};
}

// How plausible `text` reads as East Asian writing, per character beyond ASCII: the characters
// that these languages use daily count for it, what no text holds against it.
double plausibility(std::string_view utf8) {
  static constexpr std::string_view kDaily =
      "的一是不了在人有我他这中大来上个国和也子时道说出会地要于就下得可你年生自过那后能对着事其"
      "里所去行方成用多天然家发如作日主学都起定些现理小前开进动样本法长从同经面最新無機構関係時"
      "間說這個來國會為們後對於過發學權利自由平等及或每任何人保護條第社法律教育公民者應受其他"
      "日本語年月大人出生時国権利有何自由平等保護受又及";
  double score = 0;
  std::size_t count = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const DecodedPoint point = decode_valid_point(utf8.data() + at);
    const std::string_view character = utf8.substr(at, point.bytes);
    at += point.bytes;
    const char32_t c = point.code_point;
    if (c < 0x80) continue;
    ++count;
    if (c == kReplacementCharacter || (c >= 0xE000 && c <= 0xF8FF) || c < 0xA0) {
      score -= 6;
    } else if (c >= 0x3041 && c <= 0x30FC) {
      score += 1;
    } else if (c >= 0xFF61 && c <= 0xFF9F) {
      score -= 1;  // half-width kana: what Shift_JIS makes of other encodings
    } else if (c >= 0x4E00 && c <= 0x9FFF) {
      score += kDaily.find(character) != std::string_view::npos ? 1.5 : 0.1;
    } else if (c >= 0xAC00 && c <= 0xD7A3) {
      score += 0.8;
    } else if ((c >= 0x3000 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF5E) ||
               (c >= 0x2010 && c <= 0x2026) || c == 0xB7) {
      score += 0.5;
    } else {
      score -= 1;
    }
  }
  return count == 0 ? 0 : score / static_cast<double>(count);
}

std::string_view detect_by_icu(std::string_view sample) {
  UErrorCode status = U_ZERO_ERROR;
  UCharsetDetector* const detector = ucsdet_open(&status);
  ucsdet_setText(detector, sample.data(), static_cast<std::int32_t>(sample.size()), &status);
  ucsdet_enableInputFilter(detector, true);
  std::int32_t count = 0;
  const UCharsetMatch** const matches = ucsdet_detectAll(detector, &count, &status);
  std::string_view best;
  for (std::int32_t i = 0; U_SUCCESS(status) && i < count && best.empty(); ++i) {
    const char* const name = ucsdet_getName(matches[i], &status);
    const std::string_view encoding = encoding_of_label(name);
    const bool multibyte = encoding == "gb18030" || encoding == "big5" || encoding == "shift_jis" ||
                           encoding == "euc-jp" || encoding == "euc-kr" || encoding == "utf-8" ||
                           encoding.starts_with("utf-16");
    if (!multibyte) best = encoding;
  }
  ucsdet_close(detector);
  return best.empty() ? "windows-1252" : best;
}

}  // namespace

std::string_view guess_encoding(std::string_view bytes) {
  if (const std::string_view utf16 = utf16_guess(bytes); !utf16.empty()) return utf16;
  const bool ascii = std::none_of(bytes.begin(), bytes.end(),
                                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (ascii) {
    const bool escapes = bytes.find("\x1B$B") != std::string_view::npos ||
                         bytes.find("\x1B$@") != std::string_view::npos;
    return escapes ? "iso-2022-jp" : "utf-8";
  }
  if (valid_utf8(bytes)) return "utf-8";
  const std::string sample = sample_of(bytes);
  // Text that is UTF-8 but for a few bytes.
  std::size_t good = 0, bad = 0;
  for (std::size_t at = 0; at < sample.size();) {
    const DecodedPoint point = decode_point(std::string_view(sample).substr(at));
    at += point.bytes;
    if (!point.valid) ++bad;
    if (point.valid && point.bytes > 1) ++good;
  }
  if (good > 8 * bad) return "utf-8";

  double best_score = 0.1;
  std::string_view best;
  for (const std::string_view candidate : {"gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"}) {
    const double score = plausibility(convert_to_utf8(sample, candidate).utf8);
    if (score > best_score) best_score = score, best = candidate;
  }
  return best.empty() ? detect_by_icu(sample) : best;
}

}  // namespace pith
