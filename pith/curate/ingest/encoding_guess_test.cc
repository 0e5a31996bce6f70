#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "pith/base/test_data.h"
#include "pith/curate/ingest/encode_test.h"
#include "pith/curate/ingest/encoding.h"
#include "pith/curate/ingest/encoding_convert.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

TEST(EncodingGuessTest, ReadsASentence) {
  EXPECT_EQ(guess_encoding(""), "utf-8");
  EXPECT_EQ(guess_encoding("plain"), "utf-8");
  EXPECT_EQ(guess_encoding(kChinese), "utf-8");
  EXPECT_EQ(guess_encoding(encode(kChinese, "gb18030")), "gb18030");
  EXPECT_EQ(guess_encoding(encode(kTraditional, "Big5-HKSCS")), "big5");
  EXPECT_EQ(guess_encoding(encode(kJapanese, "ibm-943_P15A-2003")), "shift_jis");
  EXPECT_EQ(guess_encoding(encode(kJapanese, "EUC-JP")), "euc-jp");
  EXPECT_EQ(guess_encoding(encode(kJapanese, "ISO-2022-JP")), "iso-2022-jp");
  EXPECT_EQ(guess_encoding(encode(kKorean, "windows-949-2000")), "euc-kr");
  EXPECT_EQ(guess_encoding(encode(kRussian, "windows-1251")), "windows-1251");
  EXPECT_EQ(guess_encoding(encode(kRussian, "KOI8-R")), "koi8-r");
  EXPECT_EQ(guess_encoding(encode(kFrench, "windows-1252")), "windows-1252");
  EXPECT_EQ(guess_encoding(encode(kFrench, "UTF-16LE")), "utf-16le");
  EXPECT_EQ(guess_encoding(encode(kFrench, "UTF-16BE")), "utf-16be");
}

TEST(EncodingGuessTest, AFewDamagedBytesLeaveUtf8) {
  EXPECT_EQ(guess_encoding(std::string(kRussian) + "\xFF\xC0"), "utf-8");
}

TEST(EncodingGuessTest, ADeclarationIsOverruledByMuchOnly) {
  const std::string russian = encode(kRussian, "KOI8-R");
  EXPECT_EQ(overrule_encoding(russian, "windows-1252"), "koi8-r");
  EXPECT_EQ(overrule_encoding(russian, "koi8-r"), "koi8-r");
  EXPECT_EQ(overrule_encoding(encode("счёт", "KOI8-R"), "windows-1252"), "windows-1252");
  EXPECT_EQ(overrule_encoding(encode(kFrench, "windows-1252"), "iso-8859-15"), "iso-8859-15");
}

// Sentences of Tatoeba, re-encoded and cut: the share of texts read right, by length. A guess is
// right when it gives the right characters.
TEST(EncodingGuessTest, GuessesReencodedSentences) {
  const auto files = test_archive("eval.tar.zst", "langid/tatoeba/");
  if (files.empty()) GTEST_SKIP() << "set PITH_DATA to the folder with eval.tar.zst";
  struct Case {
    const char *language, *encoding, *icu;
  };
  const Case cases[] = {{"cmn", "gb18030", "gb18030"},
                        {"jpn", "shift_jis", "ibm-943_P15A-2003"},
                        {"jpn", "euc-jp", "EUC-JP"},
                        {"kor", "euc-kr", "EUC-KR"},
                        {"rus", "windows-1251", "windows-1251"},
                        {"rus", "koi8-r", "KOI8-R"},
                        {"rus", "iso-8859-5", "ISO-8859-5"},
                        {"rus", "ibm866", "IBM866"},
                        {"ukr", "windows-1251", "windows-1251"},
                        {"deu", "windows-1252", "windows-1252"},
                        {"fra", "windows-1252", "windows-1252"},
                        {"spa", "windows-1252", "windows-1252"},
                        {"por", "windows-1252", "windows-1252"},
                        {"swe", "windows-1252", "windows-1252"},
                        {"pol", "windows-1250", "windows-1250"},
                        {"ces", "iso-8859-2", "ISO-8859-2"},
                        {"hun", "windows-1250", "windows-1250"},
                        {"ell", "windows-1253", "windows-1253"},
                        {"tur", "windows-1254", "windows-1254"},
                        {"heb", "windows-1255", "windows-1255"},
                        {"ara", "windows-1256", "windows-1256"},
                        {"lit", "windows-1257", "windows-1257"},
                        {"tha", "windows-874", "windows-874-2000"}};
  for (const std::size_t length : {100u, 300u, 1000u, 10000u}) {
    int right = 0, all = 0;
    for (const Case& test : cases) {
      std::string text;
      for (const auto& [name, bytes] : files) {
        if (name.ends_with(std::string(".") + test.language)) text = bytes;
      }
      if (text.empty()) continue;
      const std::string encoded = encode(text, test.icu);
      for (std::size_t part = 0; part < 10; ++part) {
        const std::size_t line = encoded.find('\n', encoded.size() / 11 * part);
        std::string sample = encoded.substr(line + 1, length);
        const std::size_t last = sample.rfind('\n');
        if (last != std::string::npos && last > length / 2) sample.resize(last);
        if (sample.size() < length / 2 || valid_utf8(sample)) continue;
        ++all;
        right += convert_to_utf8(sample, guess_encoding(sample)).utf8 ==
                 convert_to_utf8(sample, test.encoding).utf8;
      }
    }
    std::printf("guessed at %zu bytes: %d of %d (%.1f %%)\n", length, right, all,
                100.0 * right / std::max(1, all));
    EXPECT_GE(right * 100, all * (length <= 100 ? 95 : 97)) << length;
  }
}

}  // namespace
}  // namespace pith
