#pragma once

#include <zlib.h>

#include <string>

#include "pith/base/byte_stream.h"

// For tests: text as others compress it. Needs zlib in the test's TEST_LIBS.
namespace pith {

inline std::string gzip(const std::string& text) {
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0'), in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string zstd(const std::string& text) {
  ZstdCompressor compressor;
  std::string out;
  compressor.add(text, out);
  compressor.end_frame(out);
  return out;
}

}  // namespace pith
