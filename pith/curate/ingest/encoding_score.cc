#include "pith/curate/ingest/encoding_score.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "pith/curate/ingest/encoding_convert.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// Characters of everyday text, per writing.
constexpr std::u32string_view kDailySimplified =
    U"的一是不了在人有我他这中大来上个国和也子时道说出会地要于就下得可你年生自过那后能对着事其里所"
    U"去行方成用多天然家发如作日主学都起定些现理小前开进动样本法长从同经面最新没她们为到以之与她"
    U"，。、“”！？：；";
constexpr std::u32string_view kDailyTraditional =
    U"的一是不了在人有我他這中大來上個國和也子時道說出會地要於就下得可你年生自過那後能對著事其裡所"
    U"去行方成用多天然家發如作日主學都起定些現理小前開進動樣本法長從同經面最新沒她們為到以之與"
    U"，。、「」！？：；";
constexpr std::u32string_view kDailyKorean =
    U"이다는을에의가고하지한로사를도은인자어나리기그해있들서대으아시라수일제정보여것과전상만부스장";

bool is_ascii_letter(unsigned char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }

// The score of one two-byte character by its place in the code.
double pair_score(std::string_view encoding, unsigned lead, unsigned trail) {
  if (encoding == "gb18030") {
    if (lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1) return 0.6;
    if (lead >= 0xD8 && lead <= 0xF7 && trail >= 0xA1) return -0.4;
    if (lead == 0xA3 || (lead == 0xA1 && trail >= 0xA1)) return 0.4;
    return -0.8;
  }
  if (encoding == "big5") {
    if (lead >= 0xA4 && lead <= 0xC6) return 0.6;
    if (lead == 0xA1 || lead == 0xA2) return 0.4;
    return -0.6;
  }
  if (encoding == "shift_jis") {
    if (lead == 0x82 && trail >= 0x9F) return 1.3;
    if (lead == 0x83 && trail <= 0x96) return 1.0;
    if (lead == 0x81) return 0.5;
    if (lead >= 0x88 && lead <= 0x97) return 0.5;
    return lead == 0x82 ? 0.3 : -0.6;
  }
  if (encoding == "euc-jp") {
    if (lead == 0xA4) return 1.3;
    if (lead == 0xA5) return 1.0;
    if (lead == 0xA1) return 0.5;
    if (lead >= 0xB0 && lead <= 0xCF) return 0.5;
    return lead == 0xA3 ? 0.3 : -0.6;
  }
  // euc-kr
  if (lead >= 0xB0 && lead <= 0xC8 && trail >= 0xA1) return 0.6;
  return lead == 0xA1 || lead == 0xA3 ? 0.2 : -0.6;
}

bool is_trail(std::string_view encoding, unsigned lead, unsigned trail) {
  if (encoding == "euc-jp") return trail >= 0xA1 && trail <= 0xFE;
  if (encoding == "euc-kr") {
    return (trail >= 0xA1 && trail <= 0xFE) || (lead <= 0xC6 && trail >= 0x41 && trail <= 0x5A) ||
           (lead <= 0xC6 && trail >= 0x61 && trail <= 0x7A) ||
           (lead <= 0xC6 && trail >= 0x81 && trail <= 0xA0);
  }
  if (encoding == "big5")
    return (trail >= 0x40 && trail <= 0x7E) || (trail >= 0xA1 && trail < 0xFF);
  return trail >= 0x40 && trail != 0x7F && trail <= 0xFE;
}

double east_asian_score(std::string_view sample, std::string_view encoding) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sample[i]); };
  double score = 0;
  std::size_t count = 0;
  for (std::size_t at = 0; at < sample.size();) {
    const unsigned lead = byte(at);
    if (lead < 0x80) {
      ++at;
      continue;
    }
    ++count;
    if (encoding == "shift_jis" && lead >= 0xA1 && lead <= 0xDF) {
      score -= 0.3;  // half-width kana: rare, and what other encodings turn into
      ++at;
      continue;
    }
    if (encoding == "euc-jp" && lead == 0x8E) {
      score -= 0.3;
      at += 2;
      continue;
    }
    if (at + 3 < sample.size() && encoding == "gb18030" && byte(at + 1) >= '0' &&
        byte(at + 1) <= '9' && byte(at + 2) >= 0x81 && byte(at + 3) >= '0' && byte(at + 3) <= '9') {
      score -= 0.4;
      at += 4;
      continue;
    }
    const bool whole = at + 1 < sample.size();
    if (!whole || lead == 0x80 || lead == 0xFF || !is_trail(encoding, lead, byte(at + 1))) {
      score -= whole && byte(at + 1) != '\n' ? 4 : 0;  // cut at the end of a piece
      ++at;
      continue;
    }
    double pair = pair_score(encoding, lead, byte(at + 1));
    // An accented letter inside a Latin word looks like this.
    const bool after_letter = at > 0 && is_ascii_letter(byte(at - 1));
    const bool before_letter = at + 2 < sample.size() && is_ascii_letter(byte(at + 2));
    if (after_letter && before_letter) pair -= 1;
    if ((after_letter || before_letter) && is_ascii_letter(byte(at + 1))) pair -= 1;
    score += pair;
    at += 2;
  }
  if (count == 0 || score <= 0) return count == 0 ? 0 : score / static_cast<double>(count);
  // Japanese and Chinese share rows: the list of characters decides between them.
  const std::u32string_view daily = encoding == "gb18030"  ? kDailySimplified
                                    : encoding == "big5"   ? kDailyTraditional
                                    : encoding == "euc-kr" ? kDailyKorean
                                                           : std::u32string_view();
  std::size_t known = 0;
  if (!daily.empty()) {
    const std::string text = convert_to_utf8(sample, encoding).utf8;
    for (std::size_t at = 0; at < text.size();) {
      const DecodedPoint point = decode_valid_point(text.data() + at);
      at += point.bytes;
      known += point.code_point >= 0x80 && daily.find(point.code_point) != daily.npos;
    }
  }
  return (score + 1.2 * static_cast<double>(known)) / static_cast<double>(count);
}

// The letters beyond ASCII that a language writes, lower case, the commonest first; one language a
// row.
constexpr std::u32string_view kLatinAlphabets[] = {
    U"üäöß",
    U"éèêàçùôîûâëïœ",
    U"óáéíúñüºª",
    U"ãõáâàéêíóôúçºª",
    U"èàéìòùî",
    U"äåöé",
    U"åæøéäö",
    U"áðéíóúýþæö",
    U"àèéìíòóúüçï·",
    U"ëïéèöüó",
    U"ęąćłńóśźż",
    U"íáčďéěňóřšťúůýž",
    U"áäčďéíĺľňóôŕšťúýž",
    U"áéíóöőúüű",
    U"ăâîşţșț",
    U"šćčđž",
    U"ıçğöşüâî",
    U"ėąčęįšųūž",
    U"āčēģīķļņšūž",
    U"äõöüšž",
    U"ëç",
    U"đăâêôơưáàảãạéèíìóòúùýỳ\u0300\u0301\u0303\u0309\u0323"};

// Letters that are common where their script is written.
constexpr std::u32string_view kCommonLetters =
    U"оеаинтсрвлкмдпуяыьгзіїєіўљњјћђ"
    U"αοιετσνηυρπκμλςάέήίόύώ"
    U"יוהלאתרבמשןנםד"
    U"اليمنوترهبدعة"
    U"าานรอกเงมยลวดทส่้ีัิ";

enum class Script : std::uint8_t {
  kNone,
  kLatin,
  kCyrillic,
  kGreek,
  kHebrew,
  kArabic,
  kThai,
  kOther
};

Script script_of(char32_t c) {
  if (c < 0x80)
    return is_ascii_letter(static_cast<unsigned char>(c)) ? Script::kLatin : Script::kNone;
  if (c >= 0x300 && c < 0x370) return Script::kLatin;  // combining marks, as Vietnamese has them
  if ((c >= 0xC0 && c < 0x250 && c != 0xD7 && c != 0xF7) || c == 0xAA || c == 0xBA ||
      (c >= 0x1E00 && c < 0x1F00)) {
    return Script::kLatin;
  }
  if (c >= 0x370 && c < 0x400) return Script::kGreek;
  if (c >= 0x400 && c < 0x530) return Script::kCyrillic;
  if (c >= 0x590 && c < 0x600) return Script::kHebrew;
  if (c >= 0x600 && c < 0x700) return Script::kArabic;
  if (c >= 0xE00 && c < 0xE80) return Script::kThai;
  return Script::kNone;
}

double single_byte_score(std::string_view sample, std::string_view encoding, bool for_latin) {
  const std::string text = convert_to_utf8(sample, encoding).utf8;
  std::array<std::size_t, std::size(kLatinAlphabets)> in_alphabet = {};
  std::array<bool, std::size(kLatinAlphabets)> has_commonest = {};
  double score = 0;
  std::size_t count = 0, latin = 0, in_any = 0;
  Script before_script = Script::kNone;
  bool before_lower = false, before_upper = false, before_letter = false, before_high = false;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedPoint point = decode_valid_point(text.data() + at);
    at += point.bytes;
    const char32_t c = point.code_point;
    const auto uc = static_cast<UChar32>(c);
    const Script script = script_of(c);
    const bool lower = c < 0x80 ? c >= 'a' && c <= 'z' : u_islower(uc);
    const bool upper = c < 0x80 ? c >= 'A' && c <= 'Z' : u_isupper(uc);
    if (c >= 0x80) {
      ++count;
      if (script == Script::kNone) {
        const bool next_is_letter =
            at < text.size() && (is_ascii_letter(static_cast<unsigned char>(text[at])) ||
                                 static_cast<unsigned char>(text[at]) >= 0xC3);
        const bool typographic =
            (c >= 0x2013 && c <= 0x2026) || c == 0xA0 || c == 0xAB || c == 0xBB || c == 0x20AC ||
            c == 0xA9 || c == 0xAE || c == 0x2122 || c == 0xB7 || c == 0xB0 || c == 0xA7 ||
            c == 0x2116 || c == 0xBF || c == 0xA1 || c == 0x2039 || c == 0x203A;
        if ((c == 0xBF || c == 0xA1) && !before_letter && next_is_letter) {
          score += 1;  // Spanish
        } else if (c == kReplacementCharacter || c < 0xA0 || (c >= 0x2500 && c <= 0x25FF)) {
          score -= 3;
        } else if (typographic) {
          score +=
              before_letter && next_is_letter && c != 0x2019 && c != 0xA0 && c != 0xB7 ? -0.5 : 0.4;
        } else {
          score -= before_letter || next_is_letter ? 1.2 : 0.4;
        }
      } else {
        if (script != Script::kLatin) {
          score +=
              kCommonLetters.find(static_cast<char32_t>(u_tolower(uc))) != std::u32string_view::npos
                  ? 1.15
                  : 0.35;
        } else {
          ++latin;
          const auto folded = static_cast<char32_t>(u_tolower(uc));
          bool any = false;
          for (std::size_t a = 0; a < in_alphabet.size(); ++a) {
            const bool has = kLatinAlphabets[a].find(folded) != std::u32string_view::npos;
            in_alphabet[a] += has;
            has_commonest[a] = has_commonest[a] || folded == kLatinAlphabets[a][0];
            any = any || has;
          }
          in_any += any;
        }
        if (before_script != Script::kNone && before_script != script) score -= 1;
      }
      if (upper && before_lower) score -= 1.2;
      if (upper && before_upper) score -= 0.4;
    } else if (script == Script::kLatin && before_script != Script::kNone &&
               before_script != Script::kLatin) {
      score -= 1;
    }
    if (c < 0x80 && upper && before_lower && before_high) score -= 0.8;
    before_lower = lower;
    before_upper = upper && c >= 0x80;
    before_letter = script != Script::kNone;
    before_high = c >= 0x80;
    before_script = script;
  }
  if (count == 0) return 0;
  double best = 0;
  for (std::size_t a = 0; a < in_alphabet.size(); ++a) {
    const double missing = has_commonest[a] || latin < 5 ? 1.0 : 0.9;
    best = std::max(best, missing * static_cast<double>(in_alphabet[a]));
  }
  score += 0.9 * best + 0.1 * static_cast<double>(in_any) - static_cast<double>(latin - in_any);
  if (!for_latin) score -= 0.6 * static_cast<double>(latin);
  return score / static_cast<double>(count);
}

}  // namespace

double encoding_score(std::string_view sample, std::string_view encoding) {
  for (const std::string_view east_asian : {"gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"}) {
    if (encoding == east_asian) return east_asian_score(sample, encoding);
  }
  // Letters beyond ASCII that follow one another say that no Latin text is before us.
  std::size_t high = 0, in_runs = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (static_cast<unsigned char>(sample[i]) < 0x80) continue;
    ++high;
    in_runs += i > 0 && static_cast<unsigned char>(sample[i - 1]) >= 0x80;
  }
  const bool for_latin = encoding == "windows-1252" || encoding == "windows-1250" ||
                         encoding == "iso-8859-2" || encoding == "windows-1254" ||
                         encoding == "windows-1257" || encoding == "windows-1258" ||
                         encoding == "iso-8859-15";
  double score = single_byte_score(sample, encoding, for_latin);
  if (for_latin && high > 0)
    score -= 1.5 * static_cast<double>(in_runs) / static_cast<double>(high);
  // What is rare among pages has to read better, not only as well.
  if (encoding == "windows-1252") score += 0.05;
  if (encoding == "windows-1258" || encoding == "iso-8859-15" || encoding == "koi8-u")
    score -= 0.05;
  return score;
}

}  // namespace pith
