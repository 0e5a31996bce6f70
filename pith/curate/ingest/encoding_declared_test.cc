#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "pith/base/test_data.h"
#include "pith/curate/ingest/encoding.h"

namespace pith {
namespace {

TEST(EncodingDeclaredTest, ReadsMetaElements) {
  EXPECT_EQ(html_declared_encoding("<meta charset=gb2312>"), "gb18030");
  EXPECT_EQ(html_declared_encoding("<META CharSet = 'Big5' />"), "big5");
  EXPECT_EQ(html_declared_encoding(
                "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>"),
            "windows-1251");
  EXPECT_EQ(html_declared_encoding(
                "<meta content=\"text/html;charset = koi8-r \" http-equiv='content-type'>"),
            "koi8-r");
  EXPECT_EQ(html_declared_encoding("<?xml version='1.0' encoding='EUC-JP'?><html>"), "euc-jp");
}

TEST(EncodingDeclaredTest, WhatOnlyLooksLikeADeclarationIsNone) {
  for (const char* html :
       {"", "charset=gbk", "<p>meta charset=gbk", "<!-- <meta charset=gbk> -->",
        "<metadata charset=gbk>", "<meta charset=nonsense>",
        "<meta content='text/html; charset=gbk'>", "<meta name=x content='charset=gbk'>",
        "<a title='<meta charset=gbk>'>", "<meta charset=gbk", "<!-- <meta charset=gbk>"}) {
    EXPECT_EQ(html_declared_encoding(html), "") << html;
  }
}

TEST(EncodingDeclaredTest, TheFirstDeclarationThatIsOneCounts) {
  EXPECT_EQ(html_declared_encoding("<meta charset=nonsense><meta charset=gbk><meta charset=big5>"),
            "gb18030");
  EXPECT_EQ(html_declared_encoding("<meta charset=utf-16>"), "utf-8");  // it was read as ASCII
}

TEST(EncodingDeclaredTest, LateDeclarationsAreFoundUpToABound) {
  const auto late = [](std::size_t bytes) {
    return "<html>" + std::string(bytes, ' ') + "<meta charset=gbk>";
  };
  EXPECT_EQ(html_declared_encoding(late(60'000)), "gb18030");
  EXPECT_EQ(html_declared_encoding(late(70'000)), "");
}

// html5lib's encoding tests: "#data" page "#encoding" name, where no declaration is Windows-1252.
TEST(EncodingDeclaredTest, FindsTheMetaElementAsHtml5libSays) {
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

}  // namespace
}  // namespace pith
