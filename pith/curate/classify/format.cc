#include "pith/curate/classify/format.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <span>

#include "pith/curate/extract/page_measures.h"

namespace pith {
namespace {

using Scores = std::array<float, kPageFormats>;
struct Measure {
  float mean, scale;
  Scores weight;  // a page format each
};
struct Word {
  std::string_view text;
  Scores alone, with_page;
};

#include "pith/curate/classify/format_model.inc"

static_assert(std::size(kTextShape) == kTextShapes && std::size(kPageShapes) == kTextShapes);
static_assert(std::size(kPages) == kPageMeasures);

constexpr std::size_t kReadBytes = 16 << 10;
constexpr float kFarthest = 3;  // standard deviations

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// 1 for ASCII letters and digits and all of other scripts.
constexpr auto kWordBytes = [] {
  std::array<std::uint8_t, 256> bytes{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    bytes[byte] = byte >= 0x80 || is_letter(c) || (c >= '0' && c <= '9');
  }
  return bytes;
}();

std::string_view read_part(std::string_view text) { return text.substr(0, kReadBytes); }

void add_measures(std::span<const float> values, std::span<const Measure> measures,
                  Scores& scores) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Measure& m = measures[i];
    const float z = std::clamp((values[i] - m.mean) * m.scale, -kFarthest, kFarthest);
    for (std::size_t k = 0; k < kPageFormats; ++k) scores[k] += z * m.weight[k];
  }
}

constexpr std::uint64_t kHashStart = 14695981039346656037ull;
constexpr std::uint64_t hash_step(std::uint64_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
}

// The known words by their hash: open addressing, zero for an empty slot.
class WordTable {
 public:
  WordTable() {
    for (std::size_t i = 0; i < std::size(kWords); ++i) {
      std::uint64_t hash = kHashStart;
      for (const char c : kWords[i].text) hash = hash_step(hash, c);
      std::size_t slot = slot_of(hash);
      while (slots_[slot].hash != 0) slot = (slot + 1) % kSlots;
      slots_[slot] = {hash, i};
    }
  }
  // The word's number, or the number of words.
  std::size_t find(std::uint64_t hash) const {
    for (std::size_t slot = slot_of(hash); slots_[slot].hash != 0; slot = (slot + 1) % kSlots) {
      if (slots_[slot].hash == hash) return slots_[slot].word;
    }
    return std::size(kWords);
  }

 private:
  static constexpr std::size_t kSlots = 4096;
  static_assert(std::size(kWords) < kSlots / 2);
  static std::size_t slot_of(std::uint64_t hash) { return (hash ^ (hash >> 29)) % kSlots; }
  struct Slot {
    std::uint64_t hash = 0;
    std::size_t word = 0;
  };
  std::array<Slot, kSlots> slots_{};
};

// Every word of the text counts once.
void add_words(std::string_view text, bool with_page, Scores& scores) {
  static const WordTable table;
  std::bitset<std::size(kWords)> seen;
  std::uint64_t hash = kHashStart;
  const auto finish = [&] {
    if (hash == kHashStart) return;
    const std::size_t word = table.find(hash);
    hash = kHashStart;
    if (word == std::size(kWords) || seen.test(word)) return;
    seen.set(word);
    const Scores& weight = with_page ? kWords[word].with_page : kWords[word].alone;
    for (std::size_t k = 0; k < kPageFormats; ++k) scores[k] += weight[k];
  };
  for (const char c : text) {
    if (is_letter(c)) {
      hash = hash_step(hash, lower(c));
    } else {
      finish();
    }
  }
  finish();
}

struct LineShares {
  std::size_t lines = 0;
  float code = 0, table = 0;
};

bool ends_like_code(std::string_view line) {
  return line.ends_with(';') || line.ends_with('{') || line.ends_with('}') ||
         line.ends_with("):") || line.ends_with(");") || line.starts_with("#include") ||
         line.starts_with("//") || line.find(" = ") != line.npos || line.find("()") != line.npos;
}

// Cells between bars, tabs or commas, one of them a number.
bool is_row(std::string_view line) {
  std::size_t commas = 0, digits = 0, spaces = 0, tabs = 0;
  for (const char c : line) {
    commas += c == ',';
    tabs += c == '\t';
    spaces += c == ' ';
    digits += c >= '0' && c <= '9';
  }
  if (line.find(" | ") != line.npos || tabs >= 2) return true;
  return commas >= 2 && digits > 0 && spaces <= 2 * commas;
}

LineShares measure_lines(std::string_view text) {
  LineShares shares;
  std::size_t code = 0, rows = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    ++shares.lines;
    if (ends_like_code(line)) {
      ++code;
    } else if (is_row(line)) {
      ++rows;
    }
  }
  if (shares.lines == 0) return shares;
  shares.code = static_cast<float>(code) / static_cast<float>(shares.lines);
  shares.table = static_cast<float>(rows) / static_cast<float>(shares.lines);
  return shares;
}

constexpr std::size_t kLeastLines = 5;
constexpr float kMostLines = 0.5f, kMostRows = 0.7f;

}  // namespace

std::string_view format_name(Format format) {
  static constexpr std::string_view kNames[] = {"article",    "forum",   "product",
                                                "collection", "listing", "documentation",
                                                "service",    "code",    "table"};
  return kNames[static_cast<std::size_t>(format)];
}

TextShape measure_shape(std::string_view text) {
  text = read_part(text);
  std::array<std::uint32_t, 256> bytes_of{};
  double lines = 0, words = 0, long_words = 0, short_lines = 0, items = 0, ended = 0, rows = 0;
  double numbered = 0, longest = 0, squares = 0, bytes = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    std::uint32_t starts = 0, in_word = 0;
    for (const char c : line) {
      const auto byte = static_cast<unsigned char>(c);
      ++bytes_of[byte];
      const std::uint32_t word = kWordBytes[byte];
      starts += word & ~in_word;
      in_word = word;
    }
    const double in_line = starts;
    const char last = line.back();
    lines += 1;
    bytes += static_cast<double>(line.size());
    words += in_line;
    squares += in_line * in_line;
    longest = std::max(longest, in_line);
    if (in_line >= 25) long_words += in_line;
    short_lines += in_line <= 3;
    items += line.starts_with("- ");
    rows += line.find(" | ") != line.npos;
    numbered += line.front() >= '0' && line.front() <= '9';
    ended += last == '.' || last == '!' || last == '?' || last == ':' || last == '"';
  }
  const auto count = [&](std::string_view set) {
    double sum = 0;
    for (const char c : set) sum += bytes_of[static_cast<unsigned char>(c)];
    return sum;
  };
  const double capitals = count("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const double letters = capitals + count("abcdefghijklmnopqrstuvwxyz");
  double wide = 0;
  for (std::size_t byte = 0x80; byte < 256; ++byte) wide += bytes_of[byte];
  const double n = std::max(lines, 1.0), w = std::max(words, 1.0), b = std::max(bytes, 1.0);
  const double values[kTextShapes] = {std::log1p(lines),
                                      std::log1p(words),
                                      long_words / w,
                                      short_lines / n,
                                      std::log1p(longest),
                                      std::log1p(words / n),
                                      std::log1p(std::sqrt(squares / n)),
                                      items / n,
                                      rows / n,
                                      numbered / n,
                                      ended / n,
                                      count("0123456789") / b,
                                      std::log1p(100 * count("?") / w),
                                      std::log1p(100 * count("!") / w),
                                      std::log1p(100 * count("$") / w),
                                      std::log1p(100 * count(",") / w),
                                      std::log1p(100 * count(".") / w),
                                      std::log1p(100 * count("{}=;<>_(:") / w),
                                      capitals / std::max(letters, 1.0),
                                      wide / b};
  TextShape shape;
  for (std::size_t i = 0; i < kTextShapes; ++i) shape[i] = static_cast<float>(values[i]);
  return shape;
}

FormatGuess identify_format(std::string_view text, std::span<const float> page_measures) {
  text = read_part(text);
  const LineShares lines = measure_lines(text);
  if (lines.lines >= kLeastLines) {
    if (lines.code >= kMostLines) return {Format::kCode, lines.code};
    if (lines.table >= kMostRows) return {Format::kTable, lines.table};
  }
  const bool page = page_measures.size() == std::size(kPages);
  Scores scores = page ? kPageBias : kTextBias;
  const TextShape shape = measure_shape(text);
  add_measures(shape, page ? kPageShapes : kTextShape, scores);
  if (page) add_measures(page_measures, kPages, scores);
  add_words(text, page, scores);
  const auto best = std::ranges::max_element(scores);
  float sum = 0;
  for (const float score : scores) sum += std::exp(score - *best);
  return {static_cast<Format>(best - scores.begin()), 1 / sum};
}

}  // namespace pith
