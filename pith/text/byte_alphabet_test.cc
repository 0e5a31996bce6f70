#include "pith/text/byte_alphabet.h"

#include <gtest/gtest.h>

#include <set>

namespace pith {
namespace {

TEST(ByteAlphabetTest, PrintableBytesStandForThemselvesAndOthersFollowFromU0100) {
  // As GPT-2's bytes_to_unicode() has them.
  EXPECT_EQ(byte_letter('!'), U'!');
  EXPECT_EQ(byte_letter(0xFF), U'\u00FF');
  EXPECT_EQ(byte_letter(0), U'\u0100');
  EXPECT_EQ(byte_letter('\n'), U'\u010A');
  EXPECT_EQ(byte_letter(' '), U'\u0120');
  EXPECT_EQ(byte_letter(0x7F), U'\u0121');
  EXPECT_EQ(byte_letter(0xAD), U'\u0143');
}

TEST(ByteAlphabetTest, OrderIsThatOfTheLetters) {
  const auto& ordered = bytes_in_alphabet_order();
  EXPECT_EQ(ordered.front(), '!');
  EXPECT_EQ(ordered.back(), 0xAD);
  EXPECT_EQ(std::set(ordered.begin(), ordered.end()).size(), 256u);
  for (std::size_t i = 1; i < 256; ++i) {
    EXPECT_LT(byte_letter(ordered[i - 1]), byte_letter(ordered[i])) << i;
  }
}

TEST(ByteAlphabetTest, SpellingComesBack) {
  EXPECT_EQ(spell_bytes(" h\xC3\xA9\n"), "\u0120h\u00C3\u00A9\u010A");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(unspell_bytes(spell_bytes(all)), all);
  EXPECT_EQ(unspell_bytes(""), "");
}

TEST(ByteAlphabetTest, WhatIsNotSpelledInTheAlphabetIsRefused) {
  for (const char* letters : {"a b", "\u0144", "\u4E2D", "\xFF", "\xC4", "\u2581the", "\n"}) {
    EXPECT_EQ(unspell_bytes(letters), std::nullopt) << letters;
  }
}

}  // namespace
}  // namespace pith
