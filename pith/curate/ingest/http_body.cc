#include "pith/curate/ingest/http_body.h"

#include <brotli/decode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

namespace pith {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// False when the first chunk is none: the body was stored without chunks.
bool join_chunks(std::string_view body, std::string& out) {
  bool first = true;
  while (!body.empty()) {
    const std::size_t line_end = body.find('\n');
    const std::string_view line = trim(body.substr(0, std::min(line_end, body.size())));
    std::uint64_t size = 0;
    std::size_t digits = 0;
    while (digits < line.size() && digits < 8 && hex_digit(line[digits]) >= 0) {
      size = size * 16 + static_cast<std::uint64_t>(hex_digit(line[digits++]));
    }
    const bool whole = digits > 0 && (digits == line.size() || line[digits] == ';' ||
                                      line[digits] == ' ' || line[digits] == '\t');
    if (!whole || line_end == std::string_view::npos) {
      if (first) return false;
      return true;  // cut short or garbled: what came before stays
    }
    first = false;
    body.remove_prefix(line_end + 1);
    if (size == 0) return true;
    out.append(body.substr(0, size));
    if (body.size() <= size) return true;
    body.remove_prefix(size);
    if (body.starts_with("\r\n")) {
      body.remove_prefix(2);
    } else if (body.starts_with("\n")) {
      body.remove_prefix(1);
    }
  }
  return true;
}

enum class Decoded { kWhole, kNothing, kTooLarge };

Decoded inflate_body(std::string_view body, int window_bits, std::size_t max_bytes,
                     std::string& out) {
  out.clear();
  z_stream stream = {};
  if (inflateInit2(&stream, window_bits) != Z_OK) return Decoded::kNothing;
  std::string input(body);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::array<char, 1 << 16> buffer;
  Decoded result = Decoded::kWhole;
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
    if (out.size() > max_bytes) {
      result = Decoded::kTooLarge;
      break;
    }
    if (code == Z_STREAM_END && stream.avail_in > 2 && stream.next_in[0] == 0x1F &&
        stream.next_in[1] == 0x8B && inflateReset(&stream) == Z_OK) {
      continue;
    }
    if (code != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0)) break;
  }
  inflateEnd(&stream);
  if (out.empty()) return Decoded::kNothing;
  return result;
}

Decoded brotli_body(std::string_view body, std::size_t max_bytes, std::string& out) {
  out.clear();
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (!state) return Decoded::kNothing;
  std::size_t available_in = body.size();
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(body.data());
  std::array<char, 1 << 16> buffer;
  for (;;) {
    std::size_t available_out = buffer.size();
    auto* next_out = reinterpret_cast<std::uint8_t*>(buffer.data());
    const BrotliDecoderResult code = BrotliDecoderDecompressStream(
        state.get(), &available_in, &next_in, &available_out, &next_out, nullptr);
    out.append(buffer.data(), buffer.size() - available_out);
    if (out.size() > max_bytes) return Decoded::kTooLarge;
    if (code == BROTLI_DECODER_RESULT_ERROR) return Decoded::kNothing;
    if (code != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) break;
  }
  return out.empty() ? Decoded::kNothing : Decoded::kWhole;
}

Decoded decode_once(std::string_view coding, std::string_view body, std::size_t max_bytes,
                    std::string& out) {
  if (coding == "gzip" || coding == "x-gzip") {
    if (!body.starts_with("\x1F\x8B")) return Decoded::kNothing;
    return inflate_body(body, 15 + 16, max_bytes, out);
  }
  if (coding == "deflate") {  // zlib by the standard, bare deflate by many servers
    const Decoded zlib = inflate_body(body, 15, max_bytes, out);
    return zlib == Decoded::kNothing ? inflate_body(body, -15, max_bytes, out) : zlib;
  }
  if (coding == "br") return brotli_body(body, max_bytes, out);
  return Decoded::kNothing;
}

}  // namespace

std::string_view HeaderFields::get(std::string_view lower_name) const {
  for (const auto& [name, value] : fields) {
    if (name == lower_name) return value;
  }
  return {};
}

std::size_t parse_header_fields(std::string_view text, HeaderFields& headers) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t found = text.find('\n', at);
    const std::size_t end = found == std::string_view::npos ? text.size() : found;
    std::string_view line = text.substr(at, end - at);
    at = std::min(end + 1, text.size());
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) return at;
    if ((line[0] == ' ' || line[0] == '\t') && !headers.fields.empty()) {
      headers.fields.back().second += ' ';
      headers.fields.back().second += trim(line);
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    headers.fields.emplace_back(lowered(trim(line.substr(0, colon))),
                                std::string(trim(line.substr(colon + 1))));
  }
  return at;
}

bool parse_http_response(std::string_view block, HttpResponse& response) {
  if (!block.starts_with("HTTP/")) return false;
  const std::size_t line_end = std::min(block.find('\n'), block.size());
  const std::string_view line = block.substr(0, line_end);
  const std::size_t space = line.find(' ');
  if (space != std::string_view::npos) {
    for (std::size_t i = space + 1;
         i < line.size() && line[i] >= '0' && line[i] <= '9' && response.status < 1000; ++i) {
      response.status = response.status * 10 + (line[i] - '0');
    }
  }
  block.remove_prefix(std::min(line_end + 1, block.size()));
  response.body = block.substr(parse_header_fields(block, response.headers));
  return true;
}

Result<std::string> decode_http_body(const HttpResponse& response, std::size_t max_bytes) {
  std::string body;
  const std::string transfer = lowered(response.headers.get("transfer-encoding"));
  if (transfer.find("chunked") == std::string::npos || !join_chunks(response.body, body)) {
    body = response.body;
  }
  // "gzip, br" were applied in this order and come off from the last.
  std::string codings = lowered(response.headers.get("content-encoding"));
  for (int layer = 0; layer < 3 && !codings.empty(); ++layer) {
    const std::size_t comma = codings.rfind(',');
    const std::string coding(
        trim(std::string_view(codings).substr(comma == std::string::npos ? 0 : comma + 1)));
    codings.resize(comma == std::string::npos ? 0 : comma);
    std::string decoded;
    const Decoded outcome = decode_once(coding, body, max_bytes, decoded);
    if (outcome == Decoded::kTooLarge) {
      return capacity_error("the body grows beyond " + std::to_string(max_bytes) +
                            " bytes when decompressed");
    }
    if (outcome == Decoded::kWhole) body = std::move(decoded);
  }
  return body;
}

std::pair<std::string, std::string> split_content_type(std::string_view value) {
  const std::size_t semicolon = std::min(value.find(';'), value.size());
  std::string type = lowered(trim(value.substr(0, semicolon)));
  const std::string rest = lowered(value.substr(semicolon));
  const std::size_t at = rest.find("charset=");
  if (at == std::string::npos) return {std::move(type), ""};
  std::string_view charset = trim(std::string_view(rest).substr(at + 8));
  charset = charset.substr(0, charset.find(';'));
  while (!charset.empty() && (charset.front() == '"' || charset.front() == '\''))
    charset.remove_prefix(1);
  charset = charset.substr(0, charset.find_first_of("\"' ,"));
  return {std::move(type), std::string(charset)};
}

}  // namespace pith
