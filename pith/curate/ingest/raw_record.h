#pragma once

#include <cstdint>
#include <string>

namespace pith {

// kJsonText: a field of JSON or a column of Parquet, which is UTF-8.
enum class RawKind : std::uint8_t { kHtml, kText, kMarkdown, kJsonText };

// One page or text as it was found, before anything is decided about it.
struct RawRecord {
  std::string bytes;  // the body, in its own encoding: decode_record() in encoding.h gives UTF-8
  RawKind kind = RawKind::kText;
  bool html = false;         // kind == RawKind::kHtml
  std::string url;           // "" when the input tells none
  std::string file_path;     // the input file
  std::uint64_t offset = 0;  // of the record in that file, after decompression; of Parquet the row
  std::string content_type;  // media type in lower case, "" when not told
  std::string charset;       // as the HTTP header says, "" when it does not
  std::string date;          // as the input writes it: WARC-Date or the JSON field
  std::string title;         // JSON field
  std::string id;            // JSON field, or WARC-Record-ID
};

}  // namespace pith
