#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/result.h"

// HTTP messages as WARC records keep them (RFC 9112).
namespace pith {

// Header fields in order, names in lower case.
struct HeaderFields {
  std::vector<std::pair<std::string, std::string>> fields;
  std::string_view get(std::string_view lower_name) const;  // the first, "" when there is none
};

// Parses lines "Name: value" until an empty line; lines that begin with white space go on with the
// value before. Lines may end in LF alone. Returns the bytes taken, with the empty line; when that
// is missing, all of `text`.
std::size_t parse_header_fields(std::string_view text, HeaderFields& headers);

struct HttpResponse {
  int status = 0;
  HeaderFields headers;
  std::string_view body;  // as sent
};

// False when `block` does not start as an HTTP response.
bool parse_http_response(std::string_view block, HttpResponse& response);

// The body without chunks and content encoding (gzip, deflate, br). What is declared so and is not
// comes as it is, for archives store bodies decoded under the old headers; of a body cut short
// comes what is there. kCapacity when it grows beyond `max_bytes`.
Result<std::string> decode_http_body(const HttpResponse& response, std::size_t max_bytes);

// "text/html; charset=GBK" -> {"text/html", "GBK"}.
std::pair<std::string, std::string> split_content_type(std::string_view value);

}  // namespace pith
