#include "pith/curate/dedup/text_segments.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "pith/base/hash.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

constexpr std::size_t kLeastWrappedLine = 40;  // bytes; a shorter line was not broken to a width

char32_t last_point(std::string_view text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && (text[at] & 0xC0) == 0x80) --at;
  return decode_point(text.substr(at)).code_point;
}

// Ends a sentence, closing quotes and brackets behind it aside.
bool ends_sentence(std::string_view text) {
  while (!text.empty()) {
    const char32_t c = last_point(text);
    switch (c) {
      case '.':
      case '!':
      case '?':
      case 0x3002:  // 。
      case 0xFF01:  // ！
      case 0xFF1F:  // ？
      case 0x2026:  // …
      case 0x0964:  // Devanagari danda
      case 0x06D4:  // Arabic full stop
      case 0x061F:
        return true;
      case '"':
      case '\'':
      case ')':
      case ']':
      case 0x201D:
      case 0x2019:
      case 0x300D:
      case 0x300F:
      case 0xFF09:
        text.remove_suffix(c < 0x80 ? 1 : 3);
        break;
      default:
        return false;
    }
  }
  return false;
}

bool begins_in_lower_case(std::string_view text) {
  const char32_t c = decode_point(text).code_point;
  return is_letter(c) && to_lower(c) == c && !is_uppercase(c) && !is_ideograph(c) &&
         script_of(c) <= Script::kArmenian;
}

// Where a long sentence may be cut behind `at`: 0, or the bytes that belong before the cut. Comma
// and its like every fourth time, spaces every sixteenth, by what stands before them.
std::size_t cut_behind(std::string_view text, std::size_t at) {
  constexpr std::size_t kContext = 24;
  const auto chosen = [&](unsigned one_of) {
    const std::size_t from = at > kContext ? at - kContext : 0;
    return mix64(hash64(text.substr(from, at - from))) % one_of == 0;
  };
  if (text[at] == ' ') return chosen(16) ? 1 : 0;
  if (static_cast<unsigned char>(text[at]) < 0xE3) return 0;
  const DecodedPoint point = decode_point(text.substr(at));
  const char32_t c = point.code_point;
  const bool comma = c == 0xFF0C || c == 0x3001 || c == 0xFF1B || c == 0xFF1A;  // ， 、 ； ：
  return comma && chosen(4) ? point.bytes : 0;
}

// A paragraph of several lines or one: see the header.
bool looks_like_code(std::string_view paragraph) {
  static const std::array<bool, 256> kSigns = [] {
    std::array<bool, 256> signs{};
    for (const unsigned char c : std::string_view("{}<>=;$#|\\~^_")) signs[c] = true;
    return signs;
  }();
  std::size_t signs = 0, lines = 0, aligned = 0, prompts = 0;
  for (const char c : paragraph) signs += kSigns[static_cast<unsigned char>(c)];
  for_each_line(paragraph, [&](std::string_view line) {
    line = trim_whitespace(line);
    ++lines;
    aligned += line.find("   ") != std::string_view::npos ||
               line.find('\t') != std::string_view::npos ||
               line.find(" | ") != std::string_view::npos;
    prompts += line.starts_with("# ") || line.starts_with("$ ") || line.starts_with("> ");
  });
  return signs * 33 > paragraph.size() || 2 * aligned > lines ||
         (lines > 1 && 5 * prompts >= lines);
}

class SegmentSplitter {
 public:
  SegmentSplitter(std::string_view text, std::vector<TextSegment>& out) : text_(text), out_(out) {}

  void split() {
    std::size_t begin = 0;  // of a line that may go on, or of code
    bool open = false, fenced = false;
    std::string_view before;  // the last physical line of it
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t newline = std::min(text_.find('\n', at), text_.size());
      const std::string_view line = trim_whitespace(text_.substr(at, newline - at));
      const bool fence = line.starts_with("```");
      if (fenced) {
        if (fence) add_code(begin, newline);
        fenced = !fence;
      } else {
        const bool goes_on = open && !line.empty() && !fence && begins_in_lower_case(line) &&
                             before.size() >= kLeastWrappedLine && !ends_sentence(before) &&
                             last_point(before) != ':';
        if (open && !goes_on) add_line(begin, at);
        if (!goes_on) begin = at;
        fenced = fence;
        open = !line.empty() && !fence;
        before = line;
      }
      at = newline + 1;
    }
    if (fenced) add_code(begin, text_.size());
    if (open) add_line(begin, text_.size());
    mark_paragraphs();
  }

 private:
  void add_line(std::size_t begin, std::size_t end) {
    const std::size_t first = out_.size();
    for_each_sentence(text_.substr(begin, end - begin),
                      [&](std::string_view sentence) { add_sentence(sentence); });
    if (out_.size() > first) out_.back().line_ends = true;
  }

  void mark_paragraphs() {
    for (std::size_t first = 0, last = 0; first < out_.size(); first = last + 1) {
      last = first;
      while (last + 1 < out_.size() && !out_[last].code && !out_[last + 1].code &&
             !empty_line_between(out_[last].end, out_[last + 1].begin)) {
        ++last;
      }
      out_[first].paragraph_begins = true;
      if (out_[first].code) continue;
      const bool code =
          looks_like_code(text_.substr(out_[first].begin, out_[last].end - out_[first].begin));
      for (std::size_t i = first; i <= last; ++i) out_[i].code |= code;
    }
  }

  bool empty_line_between(std::size_t begin, std::size_t end) const {
    return std::ranges::count(text_.substr(begin, end - begin), '\n') > 1;
  }

  void add_code(std::size_t begin, std::size_t end) {
    if (!add(trim_whitespace(text_.substr(begin, end - begin)))) return;
    out_.back().line_ends = out_.back().code = true;
  }

  void add_sentence(std::string_view sentence) {
    if (sentence.size() > kLongSegment) {
      std::size_t begin = 0;
      for (std::size_t at = 1; at < sentence.size(); ++at) {
        const std::size_t bytes = cut_behind(sentence, at);
        if (bytes == 0) continue;
        add(trim_whitespace(sentence.substr(begin, at + bytes - begin)));
        begin = at + bytes;
      }
      sentence = trim_whitespace(sentence.substr(begin));
    }
    if (add(sentence)) out_.back().sentence_ends = ends_sentence(sentence);
  }

  bool add(std::string_view piece) {
    if (piece.empty()) return false;
    const auto begin = static_cast<std::uint32_t>(piece.data() - text_.data());
    out_.push_back({.begin = begin, .end = begin + static_cast<std::uint32_t>(piece.size())});
    return true;
  }

  const std::string_view text_;
  std::vector<TextSegment>& out_;
};

// Of the segment's bytes, where a run of white space is one space.
std::uint64_t segment_hash(std::string_view segment, std::string& scratch) {
  scratch.resize(segment.size());
  char* to = scratch.data();
  bool space_before = false;
  for (const char c : segment) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    *to = space ? ' ' : c;
    to += !(space && space_before);
    space_before = space;
  }
  scratch.resize(static_cast<std::size_t>(to - scratch.data()));
  return hash64(scratch);
}

std::uint64_t joined(std::uint64_t hash, std::uint64_t next) {
  return mix64(hash * 0x9e3779b97f4a7c15ull + next);
}

bool leads_on(std::string_view line) { return line.ends_with(':') || line.ends_with("："); }

std::uint64_t no_zero(std::uint64_t key) { return key == 0 ? 1 : key; }

}  // namespace

void split_segments(std::string_view text, std::vector<TextSegment>& out) {
  out.clear();
  SegmentSplitter(text, out).split();
}

void segment_keys(std::string_view text, std::vector<SegmentKey>& out) {
  out.clear();
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) return;
  std::vector<TextSegment> segments;
  split_segments(text, segments);
  std::vector<std::uint64_t> hashes;
  std::string scratch;
  std::size_t lines = 0;
  for (const TextSegment& s : segments) {
    hashes.push_back(segment_hash(text.substr(s.begin, s.end - s.begin), scratch));
    lines += s.line_ends;
  }
  constexpr std::uint64_t kLineSeed = 0x6c696e65;
  std::size_t line = 0, line_begin = 0;  // number of the line, its first segment
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const TextSegment& s = segments[i];
    SegmentKey& entry = out.emplace_back();
    entry.end = s.end;
    entry.space_before = static_cast<std::uint16_t>(
        std::min<std::uint32_t>(s.begin - (i == 0 ? 0 : segments[i - 1].end), 0xFFFF));
    entry.flags = static_cast<std::uint8_t>(
        (s.line_ends ? kLineEnds : 0) | (s.paragraph_begins ? kParagraphBegins : 0) |
        (leads_on(text.substr(s.begin, s.end - s.begin)) ? kLeadsOn : 0));
    std::size_t first = i;
    std::uint64_t hash = hashes[i];
    while (first > 0 && !segments[first - 1].code && i - first < 0xFF &&
           s.end - segments[first].begin < kWindowBytes) {
      hash = joined(hash, hashes[--first]);
    }
    if (!s.code && s.end - segments[first].begin >= kWindowBytes) {
      entry.key = no_zero(hash);
      entry.back = static_cast<std::uint8_t>(i - first);
    }
    if (!s.line_ends) continue;
    const std::string_view whole =
        text.substr(segments[line_begin].begin, s.end - segments[line_begin].begin);
    const bool sentence = whole.size() >= kSentenceLineBytes && s.sentence_ends;
    const bool edge = line < kEdgeLines || line + kEdgeLines >= lines;
    if (!s.code && whole.size() < kWindowBytes && (sentence || edge) && !leads_on(whole)) {
      std::uint64_t key = kLineSeed;
      for (std::size_t j = line_begin; j <= i; ++j) key = joined(key, hashes[j]);
      const auto flags = static_cast<std::uint8_t>(kShortLine | (sentence ? kSentenceLine : 0));
      out.push_back({.key = no_zero(key), .end = s.end, .flags = flags});
    }
    ++line, line_begin = i + 1;
  }
}

}  // namespace pith
