#pragma once

#include <string>
#include <string_view>

#include "pith/curate/ingest/raw_record.h"

// Which encoding bytes are in, and their UTF-8.
//
// Threads: every function may be called from any thread at once; converters are kept per thread.
namespace pith {

struct DecodedText {
  std::string utf8;         // always valid UTF-8, without a byte order mark
  std::string encoding;     // WHATWG name in lower case: "utf-8", "gb18030", "windows-1252"
  bool had_errors = false;  // some bytes were not of the encoding and became U+FFFD
};

// In this order: a byte order mark; bytes that are valid UTF-8 with something beyond ASCII (and
// without the NULs of UTF-16 or the escapes of ISO-2022-JP); the HTTP charset; for HTML the charset
// of a meta element (WHATWG prescan, but through the first 64 KiB, since pages with late meta
// exist); a guess from samples of the whole text. A declared encoding that the bytes contradict is
// overruled by the guess.
DecodedText to_utf8(std::string_view bytes, std::string_view http_charset, bool is_html);

// The same for a record; text from JSON is UTF-8 already.
DecodedText decode_record(const RawRecord& record);

// The parts of it, for tests and tools.
// WHATWG name of a label ("GB2312" -> "gb18030", "latin1" -> "windows-1252"), "" when unknown.
std::string_view encoding_of_label(std::string_view label);
// The charset that the page's meta elements declare, as an encoding name, "" when none.
std::string_view html_declared_encoding(std::string_view html);
// The likeliest encoding of bytes of which nothing is known. ASCII is "utf-8".
std::string_view guess_encoding(std::string_view bytes);
// `declared`, unless the bytes read far better in another encoding.
std::string_view overrule_encoding(std::string_view bytes, std::string_view declared);

}  // namespace pith
