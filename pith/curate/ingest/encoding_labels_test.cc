#include <gtest/gtest.h>

#include "pith/curate/ingest/encoding.h"

namespace pith {
namespace {

TEST(EncodingLabelsTest, MeanWhatBrowsersTakeThemFor) {
  EXPECT_EQ(encoding_of_label(" GB2312 "), "gb18030");
  EXPECT_EQ(encoding_of_label("ISO-8859-1"), "windows-1252");
  EXPECT_EQ(encoding_of_label("UTF8"), "utf-8");
  EXPECT_EQ(encoding_of_label("x-sjis"), "shift_jis");
  EXPECT_EQ(encoding_of_label("nonsense"), "");
  EXPECT_EQ(encoding_of_label(""), "");
}

TEST(EncodingLabelsTest, CommonNamesOfEveryEncodingAreKnown) {
  const std::pair<std::string_view, std::string_view> known[] = {
      {"gbk", "gb18030"},           {"GB18030", "gb18030"},         {"Big5-HKSCS", "big5"},
      {"Shift-JIS", "shift_jis"},   {"windows-31j", "shift_jis"},   {"EUC-JP", "euc-jp"},
      {"ks_c_5601-1987", "euc-kr"}, {"ISO-2022-JP", "iso-2022-jp"}, {"cp1251", "windows-1251"},
      {"KOI8-R", "koi8-r"},         {"latin2", "iso-8859-2"},       {"TIS-620", "windows-874"},
      {"us-ascii", "windows-1252"}, {"iso-8859-9", "windows-1254"}, {"utf-16", "utf-16le"}};
  for (const auto& [label, name] : known) EXPECT_EQ(encoding_of_label(label), name) << label;
}

TEST(EncodingLabelsTest, PartsOfLabelsAndSeveralAreNone) {
  for (const char* label : {"gb", "utf", "8859-1", "utf-8 gbk", "utf-8;", "\"utf-8\"", " ", "-"}) {
    EXPECT_EQ(encoding_of_label(label), "") << label;
  }
  EXPECT_EQ(encoding_of_label(std::string(100, 'x')), "");
  EXPECT_EQ(encoding_of_label("\t\n utf-8\f\r "), "utf-8");
}

}  // namespace
}  // namespace pith
