#include "pith/curate/ingest/encoding_score.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/ingest/encode_test.h"

namespace pith {
namespace {

struct Sample {
  std::string_view text;
  const char *encoding, *icu;
};
const Sample kSamples[] = {{kChinese, "gb18030", "gb18030"},
                           {kTraditional, "big5", "Big5-HKSCS"},
                           {kJapanese, "shift_jis", "ibm-943_P15A-2003"},
                           {kJapanese, "euc-jp", "EUC-JP"},
                           {kKorean, "euc-kr", "windows-949-2000"},
                           {kRussian, "windows-1251", "windows-1251"},
                           {kRussian, "koi8-r", "KOI8-R"},
                           {kRussian, "iso-8859-5", "ISO-8859-5"},
                           {kRussian, "ibm866", "IBM866"},
                           {kFrench, "windows-1252", "windows-1252"}};

TEST(EncodingScoreTest, ATextScoresBestInItsOwnEncoding) {
  for (const Sample& sample : kSamples) {
    const std::string bytes = encode(sample.text, sample.icu);
    const double own = encoding_score(bytes, sample.encoding);
    EXPECT_GT(own, 0.7) << sample.encoding;
    EXPECT_LT(own, 1.5) << sample.encoding;
    for (const std::string_view other : kGuessedEncodings) {
      if (other != sample.encoding) {
        EXPECT_LT(encoding_score(bytes, other), own) << sample.encoding << " as " << other;
      }
    }
  }
}

TEST(EncodingScoreTest, NonsenseIsBelowZero) {
  std::string controls, symbols;
  for (int i = 0; i < 50; ++i) {
    controls += "\x81\x8D";  // bytes that windows-1252 does not have
    symbols +=
        "a\xD7"
        "b\xB1";  // signs inside words
  }
  EXPECT_LT(encoding_score(controls, "windows-1252"), 0);
  EXPECT_LT(encoding_score(symbols, "windows-1252"), 0);
  EXPECT_LT(encoding_score(std::string(50, '\xFF'), "gb18030"), 0);
}

TEST(EncodingScoreTest, AsciiSaysNothing) {
  for (const std::string_view encoding : kGuessedEncodings) {
    EXPECT_NEAR(encoding_score("plain words", encoding), 0, 0.06) << encoding;
    EXPECT_NEAR(encoding_score("", encoding), 0, 0.06) << encoding;
  }
}

}  // namespace
}  // namespace pith
