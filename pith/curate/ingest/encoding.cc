#include "pith/curate/ingest/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include "pith/base/check.h"
#include "pith/curate/ingest/encoding_convert.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// ICU's names where they differ from WHATWG's.
constexpr std::pair<std::string_view, const char*> kIcuNames[] = {
    {"big5", "Big5-HKSCS"},
    {"shift_jis", "ibm-943_P15A-2003"},
    {"euc-kr", "windows-949-2000"},
    {"windows-874", "windows-874-2000"},
    {"x-mac-cyrillic", "macos-7_3-10.2"},
};

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

// ICU's own substitution writes U+001A for some single bytes.
void U_CALLCONV write_replacement(const void*, UConverterToUnicodeArgs* arguments, const char*,
                                  std::int32_t, UConverterCallbackReason reason,
                                  UErrorCode* status) {
  if (reason > UCNV_IRREGULAR) return;
  *status = U_ZERO_ERROR;
  const UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(arguments, &replacement, 1, 0, status);
}

UConverter* converter_for(std::string_view encoding) {
  thread_local std::map<std::string, Converter, std::less<>> converters;
  const auto found = converters.find(encoding);
  if (found != converters.end()) return found->second.get();
  const auto renamed = std::find_if(std::begin(kIcuNames), std::end(kIcuNames),
                                    [&](const auto& entry) { return entry.first == encoding; });
  const std::string name =
      renamed != std::end(kIcuNames) ? std::string(renamed->second) : std::string(encoding);
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &status));
  if (U_FAILURE(status)) {
    status = U_ZERO_ERROR;
    converter.reset(ucnv_open("windows-1252", &status));
  }
  PITH_CHECK(U_SUCCESS(status), u_errorName(status));
  ucnv_setToUCallBack(converter.get(), write_replacement, nullptr, nullptr, nullptr, &status);
  return converters.emplace(encoding, std::move(converter)).first->second.get();
}

// Appends UTF-16; `high` is a surrogate that waits for its other half.
void append_utf16(const UChar* units, std::size_t count, UChar& high, DecodedText& text) {
  for (std::size_t i = 0; i < count; ++i) {
    const UChar unit = units[i];
    if (high != 0) {
      if ((unit & 0xFC00) == 0xDC00) {
        append_utf8(0x10000u + ((static_cast<char32_t>(high) & 0x3FF) << 10) + (unit & 0x3FFu),
                    text.utf8);
        high = 0;
        continue;
      }
      append_utf8(kReplacementCharacter, text.utf8);
      text.had_errors = true;
      high = 0;
    }
    if ((unit & 0xFC00) == 0xD800) {
      high = unit;
    } else if (unit < 0x80) {
      text.utf8.push_back(static_cast<char>(unit));
    } else {
      if (unit == 0xFFFD || (unit & 0xFC00) == 0xDC00) text.had_errors = true;
      append_utf8(unit, text.utf8);
    }
  }
}

std::string_view byte_order_mark(std::string_view bytes, std::size_t& length) {
  length = 3;
  if (bytes.starts_with("\xEF\xBB\xBF")) return "utf-8";
  length = 2;
  if (bytes.starts_with("\xFF\xFE")) return "utf-16le";
  if (bytes.starts_with("\xFE\xFF")) return "utf-16be";
  length = 0;
  return {};
}

bool is_multibyte(std::string_view encoding) {
  constexpr std::string_view kNames[] = {"gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"};
  return std::find(std::begin(kNames), std::end(kNames), encoding) != std::end(kNames);
}

// Enough bad characters that the bytes are of another encoding, not merely a few of them damaged.
bool contradicted(const DecodedText& text) {
  if (!text.had_errors) return false;
  std::size_t bad = 0, beyond_ascii = 0;
  for (std::size_t at = 0; at < text.utf8.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text.utf8[at]);
    beyond_ascii += byte >= 0xC0;
    bad += byte == 0xEF && text.utf8.compare(at, 3, "\xEF\xBF\xBD") == 0;
  }
  return bad * 20 > beyond_ascii;
}

}  // namespace

DecodedText convert_to_utf8(std::string_view bytes, std::string_view encoding) {
  DecodedText text;
  text.encoding = encoding;
  if (encoding == "utf-8") {
    text.had_errors = !valid_utf8(bytes);
    text.utf8 = text.had_errors ? replace_invalid_utf8(bytes) : std::string(bytes);
    return text;
  }
  UConverter* const converter = converter_for(encoding);
  ucnv_resetToUnicode(converter);
  text.utf8.reserve(bytes.size() + bytes.size() / 2);
  std::array<UChar, 4096> units;
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  UChar high = 0;
  for (;;) {
    UChar* target = units.data();
    UErrorCode status = U_ZERO_ERROR;
    ucnv_toUnicode(converter, &target, units.data() + units.size(), &source, end, nullptr, true,
                   &status);
    append_utf16(units.data(), static_cast<std::size_t>(target - units.data()), high, text);
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_FAILURE(status)) text.had_errors = true;
    break;
  }
  if (high != 0) append_utf8(kReplacementCharacter, text.utf8), text.had_errors = true;
  return text;
}

DecodedText to_utf8(std::string_view bytes, std::string_view http_charset, bool is_html) {
  std::size_t mark = 0;
  if (const std::string_view marked = byte_order_mark(bytes, mark); !marked.empty()) {
    return convert_to_utf8(bytes.substr(mark), marked);
  }
  std::string_view declared = encoding_of_label(http_charset);
  if (declared.empty() && is_html) declared = html_declared_encoding(bytes);
  const bool ascii = std::none_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || c == 0 || c == 0x1B;
  });
  if (ascii) return {std::string(bytes), declared.empty() ? "utf-8" : std::string(declared), false};
  if (declared != "iso-2022-jp" && !declared.starts_with("utf-16") && valid_utf8(bytes) &&
      guess_encoding(bytes) == "utf-8") {
    return convert_to_utf8(bytes, "utf-8");
  }
  if (!declared.empty()) {
    DecodedText text = convert_to_utf8(bytes, declared);
    if (contradicted(text)) {
      DecodedText other = convert_to_utf8(bytes, guess_encoding(bytes));
      return contradicted(other) ? text : other;
    }
    // Few single-byte encodings ever object: ask whether the bytes read better as something else.
    if (is_multibyte(declared) || declared.starts_with("utf-") || declared == "iso-2022-jp") {
      return text;
    }
    const std::string_view better = overrule_encoding(bytes, declared);
    return better == declared ? text : convert_to_utf8(bytes, better);
  }
  return convert_to_utf8(bytes, guess_encoding(bytes));
}

DecodedText decode_record(const RawRecord& record) {
  if (record.kind == RawKind::kJsonText) return convert_to_utf8(record.bytes, "utf-8");
  return to_utf8(record.bytes, record.charset, record.html);
}

}  // namespace pith
