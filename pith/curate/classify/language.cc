#include "pith/curate/classify/language.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <utility>
#include <vector>

#include "pith/curate/classify/language_features.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

#include "pith/curate/classify/language_model.inc"

constexpr char kChineseVariants[] =
#include "pith/curate/classify/chinese_variants.inc"
    ;
static_assert(sizeof(kChineseVariants) == 0x9FFF - 0x4E00 + 2);

constexpr std::size_t kPieces = 16, kPieceBytes = 2048;

// Scripts whose languages the model tells apart; `first` is the row of the matrix of the first one.
struct Group {
  Script script;
  std::span<const std::string_view> codes;
  std::size_t first = 0;
};
constexpr std::array<Group, 7> kGroups = [] {
  std::array<Group, 7> groups = {{
      {Script::kLatin, kLatinCodes},
      {Script::kCyrillic, kCyrillicCodes},
      {Script::kArabic, kArabicCodes},
      {Script::kDevanagari, kDevanagariCodes},
      {Script::kHebrew, kHebrewCodes},
      {Script::kBengali, kBengaliCodes},
      {Script::kEthiopic, kEthiopicCodes},
  }};
  for (std::size_t i = 1; i < groups.size(); ++i) {
    groups[i].first = groups[i - 1].first + groups[i - 1].codes.size();
  }
  return groups;
}();
static_assert(kGroups.back().first + kGroups.back().codes.size() == std::size(kBias));

// How much more there is to read in a language than in one that is hard to tell from it, as a
// logarithm: the model learned from as much of each. In doubt, the greater one is the better guess.
constexpr std::pair<std::string_view, float> kPriors[] = {{"da", 0.2F}, {"es", 0.3F}, {"hi", 0.3F},
                                                          {"hr", 0.5F}, {"id", 0.7F}, {"nb", 0.2F},
                                                          {"sr", 0.3F}};

constexpr std::size_t kRowBytes = kDimensions / 2;  // two levels of 4 bits
constexpr int kZeroLevel = 4;                       // levels are kept as 0 to 8

constexpr std::size_t kLanes = 8, kMatrixRow = std::size(kBias) + kLanes;

struct Model {
  std::array<float, std::size(kBias)> bias;
  std::vector<float> matrix = std::vector<float>(kDimensions * kMatrixRow);  // kMatrix, padded
  std::vector<std::uint8_t> rows = std::vector<std::uint8_t>(kLanguageBuckets * kRowBytes);
  FoldedPoints folded;

  Model() {
    static_assert(sizeof(kLevels) == kLanguageBuckets * kRowBytes + 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const int letter = static_cast<unsigned char>(kLevels[i]);
      const int pair = letter - (letter < 92 ? 35 : 36);
      rows[i] = static_cast<std::uint8_t>(pair / 9 * 16 + pair % 9);
    }
    std::ranges::copy(kBias, bias.begin());
    for (const auto& [code, prior] : kPriors) {
      for (const Group& group : kGroups) {
        for (std::size_t i = 0; i < group.codes.size(); ++i) {
          if (group.codes[i] == code) bias[group.first + i] += prior;
        }
      }
    }
    for (std::size_t d = 0; d < kDimensions; ++d) {
      std::ranges::copy(kMatrix[d], matrix.begin() + static_cast<std::ptrdiff_t>(d * kMatrixRow));
    }
  }
};
const Model& model() {
  static const Model instance;
  return instance;
}

using Embedding = std::array<float, kDimensions>;

// Adds up the embeddings of all n-grams and words of texts, eight bytes of two levels at once: 31
// levels of at most 8 fit into a byte.
class GramSum {
 public:
  void add(std::string_view text) {
    constexpr std::uint64_t kLow = 0x0F0F0F0F0F0F0F0F;
    const std::uint8_t* const rows = model().rows.data();
    Words high{}, low{};
    int pending = 0;
    const auto flush = [&] {
      add_bytes(high, high_sums_);
      add_bytes(low, low_sums_);
      high = low = Words{};
      grams_ += static_cast<std::uint32_t>(std::exchange(pending, 0));
    };
    for_each_language_feature(text, model().folded, [&](std::size_t bucket) {
      Words row;
      std::memcpy(row.data(), rows + bucket * kRowBytes, kRowBytes);
      for (std::size_t w = 0; w < row.size(); ++w) {
        high[w] += (row[w] >> 4) & kLow;
        low[w] += row[w] & kLow;
      }
      if (++pending == 31) flush();
    });
    flush();
  }

  // Of all n-grams and words, in levels; zeros without any.
  Embedding mean() const {
    Embedding mean{};
    if (grams_ == 0) return mean;
    const auto grams = static_cast<float>(grams_);
    for (std::size_t i = 0; i < kRowBytes; ++i) {
      mean[2 * i] = static_cast<float>(high_sums_[i]) / grams - kZeroLevel;
      mean[2 * i + 1] = static_cast<float>(low_sums_[i]) / grams - kZeroLevel;
    }
    return mean;
  }

 private:
  using Words = std::array<std::uint64_t, kRowBytes / 8>;
  using Sums = std::array<std::uint32_t, kRowBytes>;
  static void add_bytes(const Words& words, Sums& sums) {
    std::array<std::uint8_t, kRowBytes> bytes;
    std::memcpy(bytes.data(), words.data(), kRowBytes);
    for (std::size_t i = 0; i < kRowBytes; ++i) sums[i] += bytes[i];
  }

  Sums high_sums_{}, low_sums_{};
  std::uint32_t grams_ = 0;
};

// Scripts that script_of() does not name, and the language that uses each.
struct RareScript {
  char32_t first, last;
  std::string_view code;
};
constexpr RareScript kRareScripts[] = {
    {0x0780, 0x07BF, "dv"},  {0x07C0, 0x07FF, "nqo"}, {0x0B00, 0x0B7F, "or"},
    {0x13A0, 0x13FF, "chr"}, {0x1400, 0x167F, "iu"},  {0x1C50, 0x1C7F, "sat"},
    {0x2D30, 0x2D7F, "zgh"},
};

struct ScriptCounts {
  std::array<double, kScriptCount> letters{};
  std::array<double, std::size(kRareScripts)> rare{};  // of the letters of Script::kOther
  double simplified = 0, traditional = 0;
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
    if (script == Script::kOther) {
      for (std::size_t i = 0; i < std::size(kRareScripts); ++i) {
        const RareScript& rare = kRareScripts[i];
        counts.rare[i] += point.code_point >= rare.first && point.code_point <= rare.last;
      }
    }
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
    {Script::kGreek, "el"},    {Script::kArmenian, "hy"},  {Script::kGeorgian, "ka"},
    {Script::kThai, "th"},     {Script::kLao, "lo"},       {Script::kGurmukhi, "pa"},
    {Script::kGujarati, "gu"}, {Script::kTamil, "ta"},     {Script::kTelugu, "te"},
    {Script::kKannada, "kn"},  {Script::kMalayalam, "ml"}, {Script::kSinhala, "si"},
    {Script::kTibetan, "bo"},  {Script::kMyanmar, "my"},   {Script::kKhmer, "km"},
    {Script::kMongolian, "mn"}};

// What the model calls program text, keys and part numbers.
constexpr std::string_view kNoLanguage = "zxx";

// Logits of the classes of `group`. Classes lie side by side in the
// model's matrix, so that eight are summed at once.
void logits_of(const Group& group, const Embedding& mean, std::span<float> logits) {
  const float* const matrix = model().matrix.data() + group.first;
  for (std::size_t begin = 0; begin < group.codes.size(); begin += kLanes) {
    std::array<float, kLanes> sums{};
    for (std::size_t d = 0; d < kDimensions; ++d) {
      const float* const row = matrix + d * kMatrixRow + begin;
      for (std::size_t i = 0; i < kLanes; ++i) sums[i] += row[i] * mean[d];
    }
    for (std::size_t i = 0; i < std::min(kLanes, group.codes.size() - begin); ++i) {
      logits[begin + i] = sums[i] + model().bias[group.first + begin + i];
    }
  }
}

using Pieces = std::span<const std::string_view>;

Embedding mean_of(Pieces pieces) {
  GramSum sum;
  for (const std::string_view piece : pieces) sum.add(piece);
  return sum.mean();
}

Embedding mean_of_ref(Pieces pieces) {
  std::array<double, kDimensions> sums{};
  double grams = 0;
  for (const std::string_view piece : pieces) {
    for_each_language_feature(piece, model().folded, [&](std::size_t bucket) {
      for (std::size_t d = 0; d < kDimensions; ++d) {
        const int pair = model().rows[bucket * kRowBytes + d / 2];
        sums[d] += (d % 2 == 0 ? pair >> 4 : pair & 15) - kZeroLevel;
      }
      grams += 1;
    });
  }
  Embedding mean{};
  for (std::size_t d = 0; d < kDimensions && grams > 0; ++d) {
    mean[d] = static_cast<float>(sums[d] / grams);
  }
  return mean;
}

Language by_model(const Group& group, const Embedding& mean) {
  std::array<float, std::size(kBias)> logits;
  const std::size_t count = group.codes.size();
  logits_of(group, mean, logits);
  std::size_t winner = 0;
  for (std::size_t i = 1; i < count; ++i) {
    if (logits[i] > logits[winner]) winner = i;
  }
  if (group.codes[winner] == kNoLanguage) return {};
  float normalizer = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const float difference = logits[i] - logits[winner];
    if (difference > -10) normalizer += std::exp(difference);
  }
  return {group.codes[winner], 1 / normalizer};
}

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

// Of fewer letters the model cannot be sure; what is too unsure is not said.
constexpr double kEnoughLetters = 20;
constexpr float kLeastScore = 0.2F;

Language identify(std::string_view utf8, Embedding (*mean_of_pieces)(Pieces)) {
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
    Language found = by_model(group, mean_of_pieces(pieces));
    found.score *= static_cast<float>(share * std::min(1.0, total / kEnoughLetters));
    return found.score < kLeastScore ? Language{} : found;
  }
  if (script == Script::kOther) {
    const auto rare = std::ranges::max_element(counts.rare) - counts.rare.begin();
    const double rare_share = counts.rare[static_cast<std::size_t>(rare)] / total;
    if (rare_share > 0.5) return {kRareScripts[rare].code, static_cast<float>(rare_share)};
  }
  return {};
}

}  // namespace

Language identify_language(std::string_view utf8) { return identify(utf8, mean_of); }

Language identify_language_ref(std::string_view utf8) { return identify(utf8, mean_of_ref); }

std::span<const std::string_view> known_languages() {
  static const std::vector<std::string_view> codes = [] {
    std::vector<std::string_view> all = {"ja", "ko", "zh-Hans", "zh-Hant"};
    for (const auto& [script, code] : kScriptLanguages) all.push_back(code);
    for (const RareScript& rare : kRareScripts) all.push_back(rare.code);
    for (const Group& group : kGroups) {
      all.insert(all.end(), group.codes.begin(), group.codes.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());  // some are written in two scripts
    std::erase(all, kNoLanguage);
    return all;
  }();
  return codes;
}

}  // namespace pith
