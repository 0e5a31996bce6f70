#include "pith/curate/ingest/encoding.h"

#include <gtest/gtest.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "pith/base/test_data.h"
#include "pith/curate/ingest/encoding_convert.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// `utf8` in another encoding, what it cannot write left out.
std::string encode(std::string_view utf8, const char* encoding) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* const to = ucnv_open(encoding, &status);
  UConverter* const from = ucnv_open("utf-8", &status);
  ucnv_setFromUCallBack(to, UCNV_FROM_U_CALLBACK_SKIP, nullptr, nullptr, nullptr, &status);
  std::string out(utf8.size() * 4 + 16, '\0');
  char* target = out.data();
  const char* source = utf8.data();
  ucnv_convertEx(to, from, &target, out.data() + out.size(), &source, source + utf8.size(), nullptr,
                 nullptr, nullptr, nullptr, true, true, &status);
  out.resize(static_cast<std::size_t>(target - out.data()));
  ucnv_close(to);
  ucnv_close(from);
  return out;
}

constexpr std::string_view kChinese =
    "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。";
constexpr std::string_view kJapanese =
    "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。";
constexpr std::string_view kRussian =
    "Все люди рождаются свободными и равными в своем достоинстве и правах.";

TEST(EncodingTest, KnowsLabels) {
  EXPECT_EQ(encoding_of_label(" GB2312 "), "gb18030");
  EXPECT_EQ(encoding_of_label("ISO-8859-1"), "windows-1252");
  EXPECT_EQ(encoding_of_label("UTF8"), "utf-8");
  EXPECT_EQ(encoding_of_label("x-sjis"), "shift_jis");
  EXPECT_EQ(encoding_of_label("nonsense"), "");
  EXPECT_EQ(encoding_of_label(""), "");
}

TEST(EncodingTest, FollowsMarksAndDeclarations) {
  const std::string gbk = encode(kChinese, "gb18030");
  EXPECT_EQ(to_utf8(gbk, "gbk", false).utf8, kChinese);
  EXPECT_EQ(to_utf8("<meta charset=gb2312>" + gbk, "", true).encoding, "gb18030");
  const std::string late = "<html><head>" + std::string(5000, ' ') + "<meta charset=koi8-r>" +
                           encode(kRussian, "KOI8-R");
  EXPECT_EQ(to_utf8(late, "", true).encoding, "koi8-r");
  EXPECT_EQ(to_utf8("\xEF\xBB\xBFok", "gbk", false).utf8, "ok");
  EXPECT_EQ(to_utf8(std::string("\xFF\xFEo\0k\0", 6), "", false).utf8, "ok");
  EXPECT_EQ(to_utf8(encode(kChinese, "UTF-16LE"), "utf-16le", false).utf8, kChinese);
  EXPECT_EQ(to_utf8(encode("plain words of English", "UTF-16BE"), "", false).utf8,
            "plain words of English");
}

TEST(EncodingTest, OverrulesFalseDeclarations) {
  const std::string gbk = encode(kChinese, "gb18030");
  EXPECT_EQ(to_utf8(gbk, "utf-8", false).utf8, kChinese);
  EXPECT_EQ(to_utf8(gbk, "iso-8859-1", false).utf8, kChinese);
  EXPECT_EQ(to_utf8(kChinese, "iso-8859-1", false).utf8, kChinese);
  EXPECT_EQ(to_utf8(kChinese, "gbk", false).utf8, kChinese);
  EXPECT_EQ(to_utf8(encode(kRussian, "windows-1251"), "iso-8859-1", false).utf8, kRussian);
  EXPECT_EQ(to_utf8(encode(kJapanese, "EUC-JP"), "utf-8", false).utf8, kJapanese);
  // A true declaration stays, also with a damaged byte or two.
  EXPECT_EQ(to_utf8("caf\xE9", "iso-8859-1", false).utf8, "café");
  std::string bytes(kRussian);
  bytes.push_back('\xFF');
  const DecodedText damaged = to_utf8(bytes, "utf-8", false);
  EXPECT_EQ(damaged.encoding, "utf-8");
  EXPECT_TRUE(damaged.had_errors);
}

// Tools that look at the first 15 kB only take this for ASCII or Latin.
TEST(EncodingTest, LooksAtTheWholeText) {
  const std::string page =
      "<html><script>" + std::string(200000, 'x') + "</script>" + encode(kChinese, "gb18030");
  EXPECT_EQ(to_utf8(page, "", true).encoding, "gb18030");
  EXPECT_TRUE(to_utf8(page, "", true).utf8.ends_with(kChinese));
}

TEST(EncodingTest, AlwaysGivesValidUtf8) {
  std::uint64_t state = 7;
  for (int trial = 0; trial < 300; ++trial) {
    std::string bytes;
    for (int i = 0; i < trial; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      bytes.push_back(static_cast<char>(state >> 56));
    }
    for (const char* label : {"", "utf-8", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr", "utf-16",
                              "utf-16be", "iso-2022-jp", "windows-1252", "koi8-u", "ibm866",
                              "windows-874", "x-mac-cyrillic", "macintosh", "iso-8859-14"}) {
      EXPECT_TRUE(valid_utf8(to_utf8(bytes, label, trial % 2 == 0).utf8)) << label;
    }
    for (const char* label : {"gbk", "big5", "shift_jis", "utf-16", "windows-874"}) {
      EXPECT_TRUE(valid_utf8(convert_to_utf8(bytes, encoding_of_label(label)).utf8)) << label;
    }
  }
}

TEST(EncodingTest, BadBytesBecomeTheReplacementCharacter) {
  const DecodedText text = convert_to_utf8(
      "ab\xFF"
      "cd",
      "shift_jis");
  EXPECT_TRUE(text.had_errors);
  EXPECT_EQ(text.utf8,
            "ab\xEF\xBF\xBD"
            "cd");
}

// html5lib's encoding tests: "#data" page "#encoding" name, where no declaration is Windows-1252.
TEST(EncodingTest, FindsTheMetaElementAsHtml5libSays) {
  const auto files = test_archive("html5lib-tests.tar.zst", "/encoding/tests");
  if (files.empty()) GTEST_SKIP() << "set PITH_DATA to the folder with html5lib-tests.tar.zst";
  int passed = 0, all = 0;
  for (const auto& [name, text] : files) {
    for (std::size_t at = text.find("#data\n"); at != std::string::npos;) {
      const std::size_t middle = text.find("\n#encoding\n", at);
      const std::size_t next = text.find("\n#data\n", at + 6);
      const std::string page = text.substr(at + 6, middle - at - 6);
      std::string want = text.substr(middle + 11, text.find('\n', middle + 11) - middle - 11);
      std::string_view got = html_declared_encoding(page);
      if (page.starts_with("\xEF\xBB\xBF")) got = "utf-8";  // decided before the prescan
      if (got.empty()) got = "windows-1252";
      ++all;
      if (got == encoding_of_label(want)) {
        ++passed;
      } else {
        std::printf("%s: wanted %s, got %.*s: %.200s\n", name.c_str(), want.c_str(),
                    static_cast<int>(got.size()), got.data(), page.c_str());
      }
      at = next == std::string::npos ? next : next + 1;
    }
  }
  std::printf("meta prescan: %d of %d\n", passed, all);
  EXPECT_EQ(passed, all);
  EXPECT_GE(all, 80);
}

// Sentences of Tatoeba, re-encoded and cut: the share of texts read right, by length. A guess is
// right when it gives the right characters.
TEST(EncodingTest, GuessesReencodedSentences) {
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
