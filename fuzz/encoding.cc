// Bytes in any encoding, declared or not. The first line is the charset that HTTP declares.
#include "pith/curate/ingest/encoding.h"

#include <string>
#include <string_view>

#include "fuzz/target.h"
#include "pith/curate/ingest/encoding_convert.h"
#include "pith/curate/ingest/encoding_score.h"
#include "pith/curate/ingest/file_format.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

void check(const DecodedText& text, std::string_view bytes) {
  PITH_CHECK(valid_utf8(text.utf8), text.encoding);
  PITH_CHECK(text.utf8.size() <= 3 * bytes.size() + 3, text.encoding);
  PITH_CHECK(encoding_of_label(text.encoding) == text.encoding, text.encoding);
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  fuzz::Input input(data, size);
  const std::string_view charset = input.line(), bytes = input.rest();
  const bool beyond_ascii = std::any_of(
      bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const bool escapes = bytes.find('\0') != bytes.npos || bytes.find('\x1B') != bytes.npos;
  for (const bool is_html : {false, true}) {
    const DecodedText text = to_utf8(bytes, charset, is_html);
    check(text, bytes);
    if (beyond_ascii && !escapes && valid_utf8(bytes)) {
      const bool mark = bytes.starts_with("\xEF\xBB\xBF");
      PITH_CHECK(text.utf8 == bytes.substr(mark ? 3 : 0), "UTF-8 is taken for " + text.encoding);
    }
  }
  check(convert_to_utf8(bytes, guess_encoding(bytes)), bytes);
  const std::string_view declared = encoding_of_label(charset);
  if (!declared.empty()) {
    check(convert_to_utf8(bytes, declared), bytes);
    PITH_CHECK(!overrule_encoding(bytes, declared).empty(), "");
  }
  for (const std::string_view encoding : kGuessedEncodings) {
    const double score = encoding_score(bytes, encoding);
    PITH_CHECK(score == score, "a score is no number");
  }
  PITH_CHECK(!skip_reason(file_format(charset, bytes, true)).empty(), "");
  return 0;
}
