// HTTP responses as WARC keeps them: header fields, chunks, gzip, deflate, Brotli.
#include "pith/curate/ingest/http_body.h"

#include <string>
#include <string_view>

#include "fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  constexpr std::size_t kMaxBytes = 100'000;
  const std::string_view block = fuzz::Input(data, size).rest();
  HeaderFields headers;
  PITH_CHECK(parse_header_fields(block, headers) <= block.size(), "");
  for (const auto& [name, value] : headers.fields) {
    PITH_CHECK(std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }),
               name);
  }
  const auto [type, charset] = split_content_type(block.substr(0, 200));
  PITH_CHECK(type.size() + charset.size() <= 200, "");
  HttpResponse response;
  if (!parse_http_response(block, response)) return 0;
  PITH_CHECK(fuzz::lies_in(response.body, block), "");
  PITH_CHECK(response.status >= 0 && response.status < 10'000, "");
  const auto body = decode_http_body(response, kMaxBytes);
  if (body) PITH_CHECK(body->size() <= std::max(kMaxBytes, block.size()), "beyond the bound");
  if (!body) PITH_CHECK(body.error().kind == ErrorKind::kCapacity, body.error().message);
  return 0;
}
