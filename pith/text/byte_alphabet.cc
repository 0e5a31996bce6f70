#include "pith/text/byte_alphabet.h"

#include <algorithm>

#include "pith/text/utf8.h"

namespace pith {
namespace {

struct Alphabet {
  std::array<char32_t, 256> letter{};
  std::array<int, 0x144> byte{};  // -1: no letter
  std::array<unsigned char, 256> ordered{};

  Alphabet() {
    byte.fill(-1);
    char32_t next = 0x100;
    for (std::size_t i = 0; i < 256; ++i) {
      const bool printable =
          (i >= 0x21 && i <= 0x7E) || (i >= 0xA1 && i <= 0xAC) || (i >= 0xAE && i <= 0xFF);
      letter[i] = printable ? static_cast<char32_t>(i) : next++;
      byte[letter[i]] = static_cast<int>(i);
      ordered[i] = static_cast<unsigned char>(i);
    }
    std::ranges::sort(ordered, {}, [&](unsigned char b) { return letter[b]; });
  }
};

const Alphabet& alphabet() {
  static const Alphabet kAlphabet;
  return kAlphabet;
}

}  // namespace

char32_t byte_letter(unsigned char byte) { return alphabet().letter[byte]; }

const std::array<unsigned char, 256>& bytes_in_alphabet_order() { return alphabet().ordered; }

std::string spell_bytes(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char byte : bytes) append_utf8(byte_letter(static_cast<unsigned char>(byte)), out);
  return out;
}

std::optional<std::string> unspell_bytes(std::string_view letters) {
  std::string out;
  out.reserve(letters.size());
  while (!letters.empty()) {
    const DecodedPoint point = decode_point(letters);
    if (!point.valid || point.code_point >= alphabet().byte.size()) return std::nullopt;
    const int byte = alphabet().byte[point.code_point];
    if (byte < 0) return std::nullopt;
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
    letters.remove_prefix(point.bytes);
  }
  return out;
}

}  // namespace pith
