#include "pith/curate/ingest/http_body.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/ingest/raw_reader_test.h"

namespace pith {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST(HttpBodyTest, HeaderFieldsEndAtAnEmptyLine) {
  HeaderFields headers;
  const std::string text =
      "Content-Type: text/html\r\nX-Long: a\r\n  b \nno colon\r\n:x\r\n\r\nbody";
  EXPECT_EQ(parse_header_fields(text, headers), text.size() - 4);
  EXPECT_EQ(headers.fields, (Fields{{"content-type", "text/html"}, {"x-long", "a b"}, {"", "x"}}));
  EXPECT_EQ(headers.get("x-long"), "a b");
  EXPECT_EQ(headers.get("none"), "");
  HeaderFields open;
  EXPECT_EQ(parse_header_fields("A: 1\nB: 2", open), 9u);
  EXPECT_EQ(open.fields.size(), 2u);
}

TEST(HttpBodyTest, AResponseIsStatusFieldsAndBody) {
  HttpResponse response;
  ASSERT_TRUE(parse_http_response("HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n<p>", response));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.headers.get("a"), "b");
  EXPECT_EQ(response.body, "<p>");
  HttpResponse old, garbled;
  ASSERT_TRUE(parse_http_response("HTTP/1.0 200\n\nx", old));
  EXPECT_EQ(old.status, 200);
  EXPECT_EQ(old.body, "x");
  ASSERT_TRUE(parse_http_response("HTTP/1.1 99999999999999 OK", garbled));
  EXPECT_EQ(garbled.body, "");
  EXPECT_FALSE(parse_http_response("GET / HTTP/1.1", garbled));
}

TEST(HttpBodyTest, ContentTypesAreSplit) {
  const auto split = [](std::string_view value) { return split_content_type(value); };
  const auto pair = [](const char* type, const char* charset) {
    return std::pair<std::string, std::string>(type, charset);
  };
  EXPECT_EQ(split("text/html; charset=GBK"), pair("text/html", "gbk"));
  EXPECT_EQ(split("Text/HTML;charset=\"utf-8\"; x=y"), pair("text/html", "utf-8"));
  EXPECT_EQ(split("text/plain"), pair("text/plain", ""));
  EXPECT_EQ(split(""), pair("", ""));
  EXPECT_EQ(split("text/html; charset="), pair("text/html", ""));
}

std::string decoded(const std::string& body, const std::string& fields) {
  HttpResponse response;
  const std::string block = http(body, fields);
  EXPECT_TRUE(parse_http_response(block, response));
  const auto result = decode_http_body(response, 1 << 20);
  return result ? *result : "error: " + result.error().message;
}

TEST(HttpBodyTest, ChunksAreJoined) {
  const char* const chunked = "Transfer-Encoding: chunked\r\n";
  EXPECT_EQ(decoded("5\r\n<p>a \r\n8;x=y\r\npage</p>\r\n0\r\n\r\n", chunked), "<p>a page</p>");
  EXPECT_EQ(decoded("5\n<p>a \n8\npage</p>\n0\n\n", chunked), "<p>a page</p>");
  EXPECT_EQ(decoded("<p>a page</p>", chunked), "<p>a page</p>");      // stored without its chunks
  EXPECT_EQ(decoded("5\r\n<p>a \r\n8\r\npag", chunked), "<p>a pag");  // cut short
  EXPECT_EQ(decoded("FFFFFFFF\r\n<p>", chunked), "<p>");
  EXPECT_EQ(decoded("FFFFFFFFFFFFFFFFF\r\n<p>", chunked), "FFFFFFFFFFFFFFFFF\r\n<p>");
}

TEST(HttpBodyTest, ContentCodingsAreUndone) {
  const std::string text = "<p>a page</p>";
  // brotli.compress(b"<p>a page</p>")
  const std::string brotli = "\x0b\x06\x80" + text + "\x03";
  EXPECT_EQ(decoded(gzip(text), "Content-Encoding: gzip\r\n"), text);
  EXPECT_EQ(decoded(gzip(text), "Content-Encoding: X-GZIP\r\n"), text);
  const std::string packed = gzip(text);
  EXPECT_EQ(decoded(packed.substr(10, packed.size() - 18), "Content-Encoding: deflate\r\n"), text);
  EXPECT_EQ(decoded(brotli, "Content-Encoding: br\r\n"), text);
  EXPECT_EQ(decoded(gzip(gzip(text)), "Content-Encoding: gzip, gzip\r\n"), text);
  EXPECT_EQ(decoded(gzip(text) + gzip(text), "Content-Encoding: gzip\r\n"), text + text);
  EXPECT_EQ(decoded(text, "Content-Encoding: gzip\r\n"), text);  // stored decompressed
  EXPECT_EQ(decoded(text, "Content-Encoding: br\r\n"), text);
  EXPECT_EQ(decoded(text, "Content-Encoding: identity\r\n"), text);
  const std::string cut = gzip(std::string(5000, 'a') + text);
  EXPECT_GT(decoded(cut.substr(0, cut.size() - 12), "Content-Encoding: gzip\r\n").size(), 1000u);
}

TEST(HttpBodyTest, ABombIsRefused) {
  EXPECT_EQ(decoded(gzip(std::string(1 << 20, 'x')), "Content-Encoding: gzip\r\n").size(),
            std::size_t{1} << 20);
  EXPECT_NE(decoded(gzip(std::string(40 << 20, 'x')), "Content-Encoding: gzip\r\n")
                .find("grows beyond 1048576 bytes"),
            std::string::npos);
}

}  // namespace
}  // namespace pith
