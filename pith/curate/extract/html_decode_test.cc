#include <gtest/gtest.h>

#include <string>

#include "pith/curate/extract/html_tokenizer.h"

namespace pith {
namespace {

std::string text(std::string_view raw, HtmlContent content = HtmlContent::kData) {
  std::string out = ">";
  decode_html_text(raw, content, out);
  return out.substr(1);  // appends
}
std::string attribute(std::string_view raw) {
  std::string out;
  decode_html_attribute(raw, out);
  return out;
}

TEST(HtmlDecodeTest, NamedReferencesReadAsTheirSigns) {
  EXPECT_EQ(text("&lt;a&gt; &amp;amp; &eacute;&hearts;&Aacute;"), "<a> &amp; é♥Á");
  EXPECT_EQ(text("&NotEqualTilde;"), "\xE2\x89\x82\xCC\xB8");  // two code points
  EXPECT_EQ(text("&nbsp;"), "\xC2\xA0");
  EXPECT_EQ(text("&notin; &notit;"), "∉ ¬it;");  // the longest name
  EXPECT_EQ(text("&ampx &copy"), "&x ©");        // old names need no ";"
}

TEST(HtmlDecodeTest, WhatIsNoReferenceStays) {
  EXPECT_EQ(text("&; & &nosuchname; &#; &#x; &#xg; AT&T Q&A"),
            "&; & &nosuchname; &#; &#x; &#xg; AT&T Q&A");
  EXPECT_EQ(text("&"), "&");
  EXPECT_EQ(text("&#"), "&#");
}

TEST(HtmlDecodeTest, NumbersAreCodePoints) {
  EXPECT_EQ(text("&#65;&#x4E2D;&#X1F600;&#65"), "A中😀A");
  EXPECT_EQ(text("&#0;&#xD800;&#x110000;&#99999999999999999999;"),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(text("&#x80;&#x99;&#x81;"), "€™\xC2\x81");  // as windows-1252, where it has a sign
}

TEST(HtmlDecodeTest, AttributesKeepWhatLooksLikeAParameter) {
  EXPECT_EQ(attribute("?a=1&copy=2&lt=3&ltx"), "?a=1&copy=2&lt=3&ltx");
  EXPECT_EQ(attribute("&copy;=2 &lt!"), "©=2 <!");
  EXPECT_EQ(text("?a=1&copy=2"), "?a=1©=2");
}

TEST(HtmlDecodeTest, ContentDecidesAboutReferencesAndNul) {
  const std::string_view raw("&lt;\0\r\nx\ry", 10);
  EXPECT_EQ(text(raw, HtmlContent::kData), std::string("<\0\nx\ny", 6));
  EXPECT_EQ(text(raw, HtmlContent::kRcdata), "<\xEF\xBF\xBD\nx\ny");
  EXPECT_EQ(text(raw, HtmlContent::kScript), "&lt;\xEF\xBF\xBD\nx\ny");
  EXPECT_EQ(text(raw, HtmlContent::kCdata), std::string("&lt;\0\nx\ny", 9));
}

TEST(HtmlDecodeTest, NamesAreLoweredInAsciiOnly) {
  std::string name, comment;
  decode_html_name("DIV-\xC3\x89&lt;", name);
  EXPECT_EQ(name, "div-\xC3\x89&lt;");
  decode_html_raw("A&lt;\r\n", comment);
  EXPECT_EQ(comment, "A&lt;\n");
}

}  // namespace
}  // namespace pith
