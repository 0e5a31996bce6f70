#include "pith/curate/classify/language.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

#include "pith/curate/classify/language_model.inc"

constexpr char kChineseVariants[] =
#include "pith/curate/classify/chinese_variants.inc"
    ;
static_assert(sizeof(kChineseVariants) == 0x9FFF - 0x4E00 + 2);

constexpr std::size_t kBucketBits = 13;
constexpr std::array<int, 3> kOrders = {3, 4, 6};  // bytes
constexpr std::size_t kLatin = std::size(kLatinCodes), kCyrillic = std::size(kCyrillicCodes),
                      kArabic = std::size(kArabicCodes), kDevanagari = std::size(kDevanagariCodes);
constexpr std::size_t kModelLanguages = kLatin + kCyrillic + kArabic + kDevanagari;
constexpr std::size_t kRow = (kModelLanguages + 15) / 16 * 16;
static_assert(sizeof(kWeights) == (kModelLanguages << kBucketBits) + 1);

constexpr std::size_t kPieces = 16, kPieceBytes = 2048;

// Weights as numbers, rows padded to whole vectors.
struct Model {
  std::vector<std::int16_t> rows = std::vector<std::int16_t>(kRow << kBucketBits, 0);
  Model() {
    for (std::size_t bucket = 0; bucket < (std::size_t{1} << kBucketBits); ++bucket) {
      for (std::size_t i = 0; i < kModelLanguages; ++i) {
        const int letter = static_cast<unsigned char>(kWeights[bucket * kModelLanguages + i]);
        rows[bucket * kRow + i] = static_cast<std::int16_t>(letter - (letter < 92 ? 35 : 36) - 44);
      }
    }
  }
};
const Model& model() {
  static const Model instance;
  return instance;
}

// Sums of weights per language over all n-grams of the text added.
class GramScores {
 public:
  void add(std::string_view text) {
    const std::int16_t* const rows = model().rows.data();
    std::uint64_t window = 0;
    int filled = 0;
    const auto push = [&](unsigned char byte) {
      window = (window << 8) | byte;
      if (filled < kOrders.back()) ++filled;
      for (const int n : kOrders) {
        if (filled < n) break;
        const std::uint64_t key =
            (window & ((1ull << (8 * n)) - 1)) + (static_cast<std::uint64_t>(n) << 56);
        const std::size_t bucket = (key * 0x9E3779B97F4A7C15ull) >> (64 - kBucketBits);
        const std::int16_t* const row = rows + bucket * kRow;
        for (std::size_t i = 0; i < kRow; ++i) {
          sums_[i] = static_cast<std::int16_t>(sums_[i] + row[i]);
        }
        // 44 * 700 stays below 2^15.
        if (++pending_ == 700) flush();
      }
    };
    push(' ');
    bool space = true;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      const unsigned char folded = byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
      const bool letter = folded >= 0x80 || (folded >= 'a' && folded <= 'z');
      if (letter) {
        push(folded);
      } else if (!space) {
        push(' ');
      }
      space = !letter;
    }
    if (!space) push(' ');
    flush();
  }
  // Mean over all n-grams, in logits.
  double mean(std::size_t language) const {
    return grams_ == 0 ? 0 : totals_[language] * static_cast<double>(kWeightScale) / grams_;
  }

 private:
  void flush() {
    for (std::size_t i = 0; i < kRow; ++i) {
      totals_[i] += sums_[i];
      sums_[i] = 0;
    }
    grams_ += pending_;
    pending_ = 0;
  }
  std::array<std::int16_t, kRow> sums_{};
  std::array<double, kRow> totals_{};
  double grams_ = 0;
  int pending_ = 0;
};

struct ScriptCounts {
  std::array<double, kScriptCount> letters{};
  double simplified = 0, traditional = 0, hangul = 0, kana = 0, han = 0;
};

void count_scripts(std::string_view text, ScriptCounts& counts) {
  std::size_t latin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      latin += (byte | 32) >= 'a' && (byte | 32) <= 'z';
      ++at;
      continue;
    }
    const DecodedPoint point = decode_point(text.substr(at));
    at += point.bytes;
    if (!point.valid || !is_letter(point.code_point)) continue;
    const Script script = script_of(point.code_point);
    counts.letters[static_cast<std::size_t>(script)] += 1;
    if (script == Script::kHan && point.code_point >= 0x4E00 && point.code_point <= 0x9FFF) {
      const char variant = kChineseVariants[point.code_point - 0x4E00];
      counts.simplified += variant == '1';
      counts.traditional += variant == '2';
    }
  }
  counts.letters[static_cast<std::size_t>(Script::kLatin)] += static_cast<double>(latin);
}

// Scripts that one language of the common web uses.
constexpr std::pair<Script, std::string_view> kScriptLanguages[] = {
    {Script::kGreek, "el"},     {Script::kHebrew, "he"},   {Script::kArmenian, "hy"},
    {Script::kGeorgian, "ka"},  {Script::kThai, "th"},     {Script::kLao, "lo"},
    {Script::kBengali, "bn"},   {Script::kGurmukhi, "pa"}, {Script::kGujarati, "gu"},
    {Script::kTamil, "ta"},     {Script::kTelugu, "te"},   {Script::kKannada, "kn"},
    {Script::kMalayalam, "ml"}, {Script::kSinhala, "si"},  {Script::kTibetan, "bo"},
    {Script::kMyanmar, "my"},   {Script::kEthiopic, "am"}, {Script::kKhmer, "km"}};

struct Group {
  Script script;
  std::span<const std::string_view> codes;
  std::size_t first;
};
const std::array<Group, 4> kGroups = {{
    {Script::kLatin, kLatinCodes, 0},
    {Script::kCyrillic, kCyrillicCodes, kLatin},
    {Script::kArabic, kArabicCodes, kLatin + kCyrillic},
    {Script::kDevanagari, kDevanagariCodes, kLatin + kCyrillic + kArabic},
}};

// The texts that stand for the whole: all of it, or pieces spread over it, cut between characters.
std::vector<std::string_view> sample(std::string_view text) {
  if (text.size() <= kPieces * kPieceBytes) return {text};
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < kPieces; ++i) {
    std::size_t begin = (text.size() - kPieceBytes) / (kPieces - 1) * i;
    std::size_t end = begin + kPieceBytes;
    while (begin > 0 && begin < end && (text[begin] & 0xC0) == 0x80) ++begin;
    while (end < text.size() && end > begin && (text[end] & 0xC0) == 0x80) --end;
    pieces.push_back(text.substr(begin, end - begin));
  }
  return pieces;
}

// An ideograph or Hangul syllable says as much as three letters, and letters beside them are often
// code or names.
constexpr double kSignWeight = 5;

}  // namespace

Language identify_language(std::string_view utf8) {
  const std::vector<std::string_view> pieces = sample(utf8);
  ScriptCounts counts;
  for (const std::string_view piece : pieces) count_scripts(piece, counts);
  auto& letters = counts.letters;
  const auto of = [&](Script script) -> double& {
    return letters[static_cast<std::size_t>(script)];
  };
  of(Script::kCommon) = 0;  // letters of no script decide nothing
  const double kana = of(Script::kHiragana) + of(Script::kKatakana);
  const double han = of(Script::kHan);
  of(Script::kHiragana) = of(Script::kKatakana) = 0;
  of(Script::kHan) = kSignWeight * (han + kana);
  of(Script::kHangul) *= kSignWeight;
  double total = 0;
  for (const double count : letters) total += count;
  if (total < 3) return {};

  const auto best =
      static_cast<std::size_t>(std::max_element(letters.begin(), letters.end()) - letters.begin());
  const auto script = static_cast<Script>(best);
  const auto share = letters[best] / total;
  if (script == Script::kHan) {
    // Running Japanese is about half kana; a Chinese page may quote some.
    if (kana > 0.1 * (han + kana)) return {"ja", static_cast<float>(share)};
    const double told = counts.simplified + counts.traditional;
    const bool traditional = counts.traditional > counts.simplified;
    const double sure = told == 0 ? 0.5 : std::max(counts.simplified, counts.traditional) / told;
    return {traditional ? "zh-Hant" : "zh-Hans", static_cast<float>(share * sure)};
  }
  if (script == Script::kHangul) return {"ko", static_cast<float>(share)};
  for (const auto& [of_script, code] : kScriptLanguages) {
    if (of_script == script) return {code, static_cast<float>(share)};
  }
  for (const Group& group : kGroups) {
    if (group.script != script) continue;
    GramScores scores;
    for (const std::string_view piece : pieces) scores.add(piece);
    std::size_t winner = 0;
    for (std::size_t i = 1; i < group.codes.size(); ++i) {
      if (scores.mean(group.first + i) > scores.mean(group.first + winner)) winner = i;
    }
    double normalizer = 0;
    for (std::size_t i = 0; i < group.codes.size(); ++i) {
      normalizer += std::exp(scores.mean(group.first + i) - scores.mean(group.first + winner));
    }
    return {group.codes[winner], static_cast<float>(share / normalizer)};
  }
  return {};
}

std::span<const std::string_view> known_languages() {
  static const std::vector<std::string_view> codes = [] {
    std::vector<std::string_view> all = {"ja", "ko", "zh-Hans", "zh-Hant"};
    for (const auto& [script, code] : kScriptLanguages) all.push_back(code);
    for (const Group& group : kGroups)
      all.insert(all.end(), group.codes.begin(), group.codes.end());
    std::sort(all.begin(), all.end());
    return all;
  }();
  return codes;
}

}  // namespace pith
