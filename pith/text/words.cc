#include "pith/text/words.h"

#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

bool ends_cjk_sentence(char32_t c) {
  return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF0E || c == 0xFF61 || c == 0x2026;
}
bool ends_spaced_sentence(char32_t c) { return c == '.' || c == '!' || c == '?'; }

// Quotes and brackets that still belong to the sentence before them.
bool closes(char32_t c) {
  switch (c) {
    case '"':
    case '\'':
    case ')':
    case ']':
    case 0x2019:
    case 0x201D:
    case 0xBB:
    case 0x300D:
    case 0x300F:
    case 0x300B:
    case 0x3011:
    case 0xFF09:
      return true;
    default:
      return false;
  }
}

// Code points with their places, ill-formed bytes as U+FFFD.
struct Reader {
  std::string_view text;
  std::size_t at = 0;
  bool more() const { return at < text.size(); }
  DecodedPoint peek() const { return decode_point(text.substr(at)); }
};

}  // namespace

void for_each_word(std::string_view text, const std::function<void(std::string_view)>& on_word) {
  constexpr std::uint8_t kStarts = kLetterClass | kNumberClass;
  std::size_t at = 0;
  while (at < text.size()) {
    const DecodedPoint first = decode_point(text.substr(at));
    const std::uint8_t classes = code_point_classes(first.code_point);
    const std::size_t begin = at;
    at += first.bytes;
    if ((classes & kStarts) == 0) continue;
    bool ideograph = (classes & kIdeographClass) != 0;
    bool after_letter = (classes & kLetterClass) != 0;
    while (at < text.size()) {
      const DecodedPoint next = decode_point(text.substr(at));
      const std::uint8_t next_classes = code_point_classes(next.code_point);
      if (next_classes & kMarkClass) {
        at += next.bytes;
        continue;
      }
      if (ideograph || (next_classes & kIdeographClass)) break;
      if (next_classes & kStarts) {
        after_letter = (next_classes & kLetterClass) != 0;
        at += next.bytes;
        continue;
      }
      if (after_letter && (next.code_point == '\'' || next.code_point == 0x2019)) {
        const DecodedPoint beyond = decode_point(text.substr(at + next.bytes));
        const std::uint8_t beyond_classes = code_point_classes(beyond.code_point);
        if (beyond.bytes > 0 && (beyond_classes & kLetterClass) &&
            !(beyond_classes & kIdeographClass)) {
          at += next.bytes + beyond.bytes;
          continue;
        }
      }
      break;
    }
    on_word(text.substr(begin, at - begin));
  }
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  for_each_word(text, [&](std::string_view word) { words.push_back(word); });
  return words;
}

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  for_each_word(text, [&](std::string_view) { ++count; });
  return count;
}

std::string_view trim_whitespace(std::string_view text) {
  while (!text.empty()) {
    const DecodedPoint point = decode_point(text);
    if (!is_whitespace(point.code_point)) break;
    text.remove_prefix(point.bytes);
  }
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && text.size() - begin < 4 && (text[begin] & 0xC0) == 0x80) --begin;
    const DecodedPoint point = decode_point(text.substr(begin));
    if (!point.valid || begin + point.bytes != text.size() || !is_whitespace(point.code_point)) {
      break;
    }
    text = text.substr(0, begin);
  }
  return text;
}

void for_each_sentence(std::string_view text,
                       const std::function<void(std::string_view)>& on_sentence) {
  Reader reader{text};
  std::size_t begin = 0;
  std::size_t word_letters = 0;  // letters of the word that ends here
  const auto close = [&](std::size_t end) {
    const std::string_view sentence = trim_whitespace(text.substr(begin, end - begin));
    if (!sentence.empty()) on_sentence(sentence);
    begin = end;
    word_letters = 0;
  };
  while (reader.more()) {
    const DecodedPoint point = reader.peek();
    reader.at += point.bytes;
    const char32_t c = point.code_point;
    if (c == '\n') {  // an empty line ends the sentence
      std::size_t next = reader.at;
      while (next < text.size() &&
             (text[next] == ' ' || text[next] == '\t' || text[next] == '\r')) {
        ++next;
      }
      word_letters = 0;
      if (next < text.size() && text[next] == '\n') close(reader.at);
      // Blanks were looked at once; going on behind them keeps the time linear.
      reader.at = next;
      continue;
    }
    if (!ends_cjk_sentence(c) && !ends_spaced_sentence(c)) {
      word_letters = is_letter(c) || is_number(c) ? word_letters + 1 : 0;
      continue;
    }
    bool cjk = ends_cjk_sentence(c);
    bool lone_stop = c == '.';
    while (reader.more()) {
      const DecodedPoint next = reader.peek();
      const bool mark = ends_cjk_sentence(next.code_point) || ends_spaced_sentence(next.code_point);
      if (!mark && !closes(next.code_point)) break;
      cjk |= ends_cjk_sentence(next.code_point);
      lone_stop &= !mark;
      reader.at += next.bytes;
    }
    if (cjk) {
      close(reader.at);
      continue;
    }
    const DecodedPoint after = reader.peek();
    if (reader.more() && !is_whitespace(after.code_point)) {
      word_letters = 0;
      continue;
    }
    if (lone_stop) {
      std::size_t next = reader.at;
      while (next < text.size() && (text[next] == ' ' || text[next] == '\n')) ++next;
      const DecodedPoint follower = decode_point(text.substr(next));
      const bool goes_on =
          next < text.size() && to_lower(follower.code_point) == follower.code_point &&
          is_letter(follower.code_point) && script_of(follower.code_point) <= Script::kArmenian;
      const bool paragraph_ends =
          text.substr(reader.at, next - reader.at).find("\n\n") != std::string_view::npos;
      if (!paragraph_ends && (word_letters == 1 || goes_on)) {
        word_letters = 0;
        continue;
      }
    }
    close(reader.at);
  }
  close(text.size());
}

std::vector<std::string_view> split_sentences(std::string_view text) {
  std::vector<std::string_view> sentences;
  for_each_sentence(text, [&](std::string_view sentence) { sentences.push_back(sentence); });
  return sentences;
}

void for_each_line(std::string_view text, const std::function<void(std::string_view)>& on_line) {
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    on_line(line);
  }
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for_each_line(text, [&](std::string_view line) { lines.push_back(line); });
  return lines;
}

}  // namespace pith
