#include "pith/text/normal_form.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>

#include "pith/base/check.h"

namespace pith {

std::string_view to_nfc(std::string_view text, std::string& storage) {
  // Everything below U+0300 (first bytes below 0xCC) is in form C.
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0xCC; })) {
    return text;
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  PITH_CHECK(U_SUCCESS(status), "ICU has no NFC data");
  PITH_CHECK(text.size() < (1ull << 31), "text of more than 2 GiB");
  const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  if (nfc->isNormalizedUTF8(piece, status)) return text;
  storage.clear();
  icu::StringByteSink<std::string> sink(&storage);
  nfc->normalizeUTF8(0, piece, sink, nullptr, status);
  PITH_CHECK(U_SUCCESS(status), "ICU could not normalise");
  return storage;
}

}  // namespace pith
