#include "pith/text/utf8.h"

#include <gtest/gtest.h>
#include <unicode/unistr.h>

#include "pith/text/awkward_text.h"

namespace pith {
namespace {

// ICU replaces each maximal subpart too.
std::string replaced_by_icu(std::string_view text) {
  std::string out;
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())))
      .toUTF8String(out);
  return out;
}

TEST(Utf8Test, EveryCodePointComesBack) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    append_utf8(c, text);
    const DecodedPoint point = decode_point(text);
    ASSERT_TRUE(point.valid && point.code_point == c && point.bytes == text.size()) << int(c);
    ASSERT_EQ(decode_valid_point(text.data()).code_point, c);
    ASSERT_EQ(decode_valid_point(text.data()).bytes, text.size());
    ASSERT_EQ(utf8_length(text[0]), text.size());
    ASSERT_TRUE(valid_utf8(text));
  }
}

TEST(Utf8Test, WhatIsNoCodePointIsWrittenAsTheReplacement) {
  std::string text;
  append_utf8(0xD800, text);
  append_utf8(0x110000, text);
  EXPECT_EQ(text, "\uFFFD\uFFFD");
}

TEST(Utf8Test, EveryShortRunOfBytesIsJudgedAsIcuDoes) {
  // All pairs of a first byte with two bytes around the bounds, followed by a letter or the end.
  const unsigned char bounds[] = {'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE4, 0xFF};
  for (int first = 0x80; first < 0x100; ++first) {
    for (const unsigned char second : bounds) {
      for (const unsigned char third : bounds) {
        for (std::size_t length = 1; length <= 4; ++length) {
          const unsigned char bytes[] = {static_cast<unsigned char>(first), second, third, 0x80};
          const std::string text(reinterpret_cast<const char*>(bytes), length);
          const std::string expected = replaced_by_icu(text);
          ASSERT_EQ(replace_invalid_utf8(text), expected) << first << " " << int(second);
          ASSERT_EQ(valid_utf8(text), expected == text);
        }
      }
    }
  }
}

TEST(Utf8Test, LongBrokenTextIsRepairedAsIcuDoes) {
  Random random(1);
  for (std::size_t length = 0; length < 200; ++length) {
    const std::string text = broken_text(random, length);
    std::string storage;
    EXPECT_EQ(repair_utf8(text, storage), replaced_by_icu(text));
    // The prefix ends where the first error is.
    const std::size_t prefix = valid_utf8_prefix(text);
    EXPECT_TRUE(valid_utf8(std::string_view(text).substr(0, prefix)));
    if (prefix < text.size()) {
      EXPECT_FALSE(decode_point(std::string_view(text).substr(prefix)).valid);
    }
  }
}

TEST(Utf8Test, ValidTextIsNotCopied) {
  Random random(2);
  const std::string text = awkward_text(random, 100);
  std::string storage;
  EXPECT_EQ(repair_utf8(text, storage).data(), text.data());
  EXPECT_TRUE(storage.empty());
}

TEST(Utf8Test, CodePointsAreCountedAtEveryAlignment) {
  Random random(3);
  const std::string text = awkward_text(random, 60);
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    EXPECT_EQ(count_code_points(std::string_view(text).substr(0, at)), count);
    at += decode_point(std::string_view(text).substr(at)).bytes;
  }
  EXPECT_EQ(count_code_points(text), count);
}

TEST(Utf8Test, OnlyWhatCanStillBecomeACharacterIsHeldBack) {
  const std::string_view emoji = "a\U0001F600";
  for (std::size_t cut = 1; cut <= emoji.size(); ++cut) {
    const std::size_t held = cut == emoji.size() ? 0 : cut - 1;
    EXPECT_EQ(incomplete_utf8_suffix(emoji.substr(0, cut)), held) << cut;
  }
  EXPECT_EQ(incomplete_utf8_suffix(""), 0u);
  EXPECT_EQ(incomplete_utf8_suffix("\x80\x80\x80\x80"), 0u);
  EXPECT_EQ(incomplete_utf8_suffix("\xED\xA0"), 0u);  // half a surrogate never becomes one
  EXPECT_EQ(incomplete_utf8_suffix("\xED\x9F"), 2u);
  EXPECT_EQ(incomplete_utf8_suffix("\xC0"), 0u);
  EXPECT_EQ(incomplete_utf8_suffix("\xF4\x90"), 0u);
  EXPECT_EQ(incomplete_utf8_suffix("\xE4\xB8\xAD"), 0u);
}

}  // namespace
}  // namespace pith
