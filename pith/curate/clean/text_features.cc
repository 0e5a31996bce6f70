#include "pith/curate/clean/text_features.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "pith/base/hash.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

// Gopher, appendix A1.1.
constexpr std::array<std::string_view, 8> kEnglish = {"the", "be",   "to",   "of",
                                                      "and", "that", "have", "with"};
// FineWeb-2, configs/cmn_Hani.yml: one sign each, simplified and traditional.
constexpr std::u32string_view kChinese = U"的年在月是和日了於为為有被人中他與後也而由与于后";
constexpr char32_t kFirstIdeograph = 0x3040, kLastIdeograph = 0x9FFF;

// Table cells, braces and "Solution" repeat in good pages: shorter lines are no repeated lines. The
// n-gram measures still see them.
constexpr std::uint32_t kShortestRepeat = 12;

// Mixes a word's hash from its first letter on: were the first letter taken bare, the second could
// undo it and "it" and "on" would be one word.
constexpr std::uint64_t kHashFactor = 0x9fb21c651e98df25ull;

bool is_fence(std::string_view line) { return line.starts_with("```"); }

}  // namespace

WordKind word_kind(std::string_view language) {
  if (is_chinese(language) || language == "ja") return WordKind::kIdeographic;
  for (const std::string_view code : {"th", "lo", "km", "my", "bo"}) {
    if (language == code) return WordKind::kUnspaced;
  }
  return WordKind::kSpaced;
}

void TextFeatures::analyze(std::string_view text, std::string_view language) {
  text_ = text;
  language_ = language;
  kind_ = word_kind(language);
  words_.clear();
  lines_.clear();
  repetition_known_ = false;
  newlines = prose_words = symbol_tokens = 0;
  find_lines();
  count_words();
}

void TextFeatures::find_lines() {
  bool code = false;
  bool blank_before = true;
  std::uint32_t paragraph = 0;
  for (std::size_t begin = 0; begin < text_.size();) {
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    const std::string_view line = trim_whitespace(text_.substr(begin, end - begin));
    begin = end + 1;
    if (line.empty()) {
      blank_before = true;
      continue;
    }
    if (blank_before) ++paragraph;
    blank_before = false;
    const bool fence = is_fence(line);
    lines_.push_back({line, hash64(line), static_cast<std::uint32_t>(count_code_points(line)),
                      paragraph, code || fence});
    if (!lines_.back().code) ++newlines;
    if (fence) code = !code;
  }
  if (newlines > 0) --newlines;  // between lines, not behind the last
}

void TextFeatures::count_words() {
  characters = visible = word_characters = letter_words = ideographs = digits = 0;
  hashes = ellipses = stop_words = 0;
  if (ideograph_counts_.empty()) ideograph_counts_.resize(kLastIdeograph - kFirstIdeograph + 1);
  std::uint32_t english = 0, chinese = 0;
  std::size_t line_index = 0;
  bool in_token = false, token_has_word = false;
  const char* const data = text_.data();
  for (std::size_t at = 0; at < text_.size();) {
    const DecodedPoint point = decode_valid_point(data + at);
    const std::uint8_t classes = code_point_classes(point.code_point);
    if (classes & kWhitespaceClass) {
      if (in_token && !token_has_word) ++symbol_tokens;
      in_token = token_has_word = false;
      ++characters;
      at += point.bytes;
      continue;
    }
    in_token = true;
    if ((classes & (kLetterClass | kNumberClass)) == 0) {
      ++characters;
      ++visible;
      if (point.code_point == '#') ++hashes;
      if (point.code_point == 0x2026) ++ellipses;
      if (point.code_point == '.' && text_.substr(at, 3) == "...") {
        ++ellipses;
        characters += 2;
        visible += 2;
        at += 2;
      }
      at += point.bytes;
      continue;
    }
    token_has_word = true;
    const std::size_t begin = at;
    std::uint32_t length = 1;
    bool letter = (classes & kLetterClass) != 0;
    std::uint64_t hash = (point.code_point + 1) * kHashFactor;
    if (!letter) ++digits;
    at += point.bytes;
    if (classes & kIdeographClass) {
      ++ideographs;
      if (point.code_point >= kFirstIdeograph && point.code_point <= kLastIdeograph &&
          ideograph_counts_[point.code_point - kFirstIdeograph]++ == 0) {
        seen_ideographs_.push_back(point.code_point);
      }
    } else {
      bool after_letter = letter;
      while (at < text_.size()) {
        const DecodedPoint next = decode_valid_point(data + at);
        const std::uint8_t next_classes = code_point_classes(next.code_point);
        if (next_classes & kIdeographClass) break;
        if (next_classes & (kLetterClass | kNumberClass | kMarkClass)) {
          after_letter = (next_classes & kNumberClass) == 0;
          letter |= (next_classes & kLetterClass) != 0;
          if (next_classes & kNumberClass) ++digits;
        } else if (!(after_letter && (next.code_point == '\'' || next.code_point == 0x2019) &&
                     at + next.bytes < text_.size() &&
                     is_letter(decode_valid_point(data + at + next.bytes).code_point) &&
                     !is_ideograph(decode_valid_point(data + at + next.bytes).code_point))) {
          break;
        }
        hash = (hash ^ next.code_point) * kHashFactor;
        hash ^= hash >> 32;
        ++length;
        at += next.bytes;
      }
      const std::string_view word = text_.substr(begin, at - begin);
      if (word.size() <= 4 && english != 0xFF) {
        for (std::size_t i = 0; i < kEnglish.size(); ++i) {
          if (word == kEnglish[i]) english |= 1u << i;
        }
      }
    }
    characters += length;
    visible += length;
    word_characters += length;
    letter_words += letter;
    words_.push_back({mix64(hash), length});
    while (line_index < lines_.size() &&
           lines_[line_index].text.data() + lines_[line_index].text.size() <= data + begin) {
      ++line_index;
    }
    prose_words += line_index >= lines_.size() || !lines_[line_index].code;
  }
  if (in_token && !token_has_word) ++symbol_tokens;

  distinct_ideographs = seen_ideographs_.size();
  ideograph_entropy = 0;
  for (const char32_t c : seen_ideographs_) {
    auto& count = ideograph_counts_[c - kFirstIdeograph];
    const double share = count / static_cast<double>(ideographs);
    ideograph_entropy -= share * std::log2(share);
    const std::size_t place = kChinese.find(c);
    if (place != std::u32string_view::npos) chinese |= 1u << place;
    count = 0;
  }
  seen_ideographs_.clear();
  stop_words = static_cast<std::size_t>(std::popcount(is_chinese(language_) ? chinese : english));
}

const RepetitionMeasures& TextFeatures::repetition() const {
  if (repetition_known_) return repetition_;
  repetition_known_ = true;
  repetition_ = {};
  if (characters == 0) return repetition_;
  const auto of_text = [&](std::size_t part) {
    return static_cast<double>(part) / static_cast<double>(characters);
  };
  line_units_.clear();
  paragraph_units_.clear();
  std::uint32_t paragraph = 0;
  for (const TextLine& line : lines_) {
    if (!line.code && line.characters >= kShortestRepeat) {
      line_units_.push_back({line.hash, line.characters});
    }
    if (line.paragraph != paragraph) {
      paragraph = line.paragraph;
      paragraph_units_.push_back({});
    }
    RepetitionUnit& unit = paragraph_units_.back();
    unit.hash = mix64(unit.hash ^ line.hash) + 1;
    unit.characters += line.characters;
  }
  const auto share = [](std::size_t part, std::size_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  const DuplicateUnits duplicate_lines = duplicate_units(line_units_, scratch_);
  const DuplicateUnits duplicate_paragraphs = duplicate_units(paragraph_units_, scratch_);
  repetition_.duplicate_lines = share(duplicate_lines.units, line_units_.size());
  repetition_.duplicate_paragraphs = share(duplicate_paragraphs.units, paragraph_units_.size());
  repetition_.duplicate_line_characters = of_text(duplicate_lines.characters);
  repetition_.duplicate_paragraph_characters = of_text(duplicate_paragraphs.characters);
  const GramSizes sizes = kind_ == WordKind::kIdeographic ? GramSizes::characters() : GramSizes{};
  for (std::size_t i = 0; i < sizes.top.size(); ++i) {
    repetition_.top_gram[i] =
        of_text(top_gram_characters(words_, sizes.top[i], sizes.spaces_between, scratch_));
  }
  for (std::size_t i = 0; i < sizes.duplicate.size(); ++i) {
    repetition_.duplicate_gram[i] =
        of_text(duplicate_gram_characters(words_, sizes.duplicate[i], scratch_));
  }
  return repetition_;
}

}  // namespace pith
