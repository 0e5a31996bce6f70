#include "pith/curate/ingest/encoding.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/ingest/encode_test.h"
#include "pith/curate/ingest/encoding_convert.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

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

}  // namespace
}  // namespace pith
