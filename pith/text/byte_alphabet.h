#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

// GPT-2's way to spell bytes in JSON: printable Latin-1 stands for itself, every other byte for a
// code point from U+0100 on (space is U+0120). Pure; any thread.
namespace pith {

// The code point that stands for a byte.
char32_t byte_letter(unsigned char byte);

// The 256 bytes in the order of their letters, the order of ids in a learned vocabulary.
const std::array<unsigned char, 256>& bytes_in_alphabet_order();

// Bytes to letters, as UTF-8.
std::string spell_bytes(std::string_view bytes);

// Letters back to bytes; nothing when `letters` holds a code point outside of the alphabet.
std::optional<std::string> unspell_bytes(std::string_view letters);

}  // namespace pith
