#include "pith/text/unicode.h"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <string>

namespace pith {
namespace {

// ICU may know an older Unicode: only code points that it has assigned are compared.
bool known_to_icu(char32_t c) { return u_charType(static_cast<UChar32>(c)) != U_UNASSIGNED; }

std::uint8_t classes_by_icu(char32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  const std::uint32_t category = U_MASK(u_charType(c));
  std::uint8_t classes = 0;
  if (category & U_GC_L_MASK) classes |= kLetterClass;
  if (category & U_GC_N_MASK) classes |= kNumberClass;
  if (category & U_GC_M_MASK) classes |= kMarkClass;
  if (category & U_GC_P_MASK) classes |= kPunctuationClass;
  if (category & U_GC_S_MASK) classes |= kSymbolClass;
  if (category & (U_GC_LU_MASK | U_GC_LT_MASK)) classes |= kUppercaseClass;
  if (u_isUWhiteSpace(c)) classes |= kWhitespaceClass;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &status);
  // 〆 and the two prolonged sound marks are letters of no script that are written among these.
  const bool ideographic = script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
                           script == USCRIPT_KATAKANA || c == 0x3006 || c == 0x30FC || c == 0xFF70;
  if (ideographic && (category & U_GC_L_MASK)) classes |= kIdeographClass;
  return classes;
}

TEST(UnicodeTest, ClassesAreThoseOfIcu) {
  int known = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!known_to_icu(c)) continue;
    ++known;
    ASSERT_EQ(int(code_point_classes(c)), int(classes_by_icu(c))) << std::hex << std::uint32_t(c);
  }
  EXPECT_GT(known, 280'000);
  EXPECT_EQ(code_point_classes(0x110000), 0);
  EXPECT_EQ(code_point_classes(0xFFFFFFFF), 0);
}

TEST(UnicodeTest, KnowsUnicode16) {
  EXPECT_TRUE(is_letter(0x10D4A));   // Garay, new in 16
  EXPECT_TRUE(is_number(0x1CCF0));   // outlined digit, new in 16
  EXPECT_TRUE(is_letter(0x2EBF0));   // CJK extension I, new in 15.1
  EXPECT_FALSE(is_letter(0x10D66));  // still unassigned
}

TEST(UnicodeTest, WhiteSpaceIsThe25CodePoints) {
  int count = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) count += is_whitespace(c);
  EXPECT_EQ(count, 25);
  EXPECT_FALSE(is_whitespace(0x200B));
  EXPECT_FALSE(is_whitespace(0x1C));  // white space for Python's str.isspace() only
}

TEST(UnicodeTest, ScriptsAreThoseOfIcu) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!known_to_icu(c)) continue;
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode code = uscript_getScript(static_cast<UChar32>(c), &status);
    const std::string name = uscript_getName(code);
    const Script script = script_of(c);
    if (code == USCRIPT_COMMON || code == USCRIPT_INHERITED || code == USCRIPT_UNKNOWN) {
      ASSERT_EQ(script, Script::kCommon) << std::hex << std::uint32_t(c) << " " << name;
    } else if (script != Script::kOther) {
      ASSERT_EQ(script_name(script), name) << std::hex << std::uint32_t(c);
    } else {
      for (std::size_t s = 0; s < kScriptCount; ++s) {
        ASSERT_NE(script_name(static_cast<Script>(s)), name) << std::hex << std::uint32_t(c);
      }
    }
  }
  EXPECT_EQ(script_of(0x110000), Script::kCommon);
}

TEST(UnicodeTest, LowerCaseIsThatOfIcu) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!known_to_icu(c)) continue;
    ASSERT_EQ(std::uint32_t(to_lower(c)), std::uint32_t(u_tolower(static_cast<UChar32>(c))))
        << std::hex << std::uint32_t(c);
  }
}

TEST(UnicodeTest, TextIsLoweredAndIllFormedBytesReplaced) {
  EXPECT_EQ(lower_text("ÀB中\xFF\u0130Ω"), "àb中\uFFFDiω");
}

}  // namespace
}  // namespace pith
