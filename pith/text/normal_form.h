#pragma once

#include <string>
#include <string_view>

// Unicode normal forms, by ICU. Any thread.
namespace pith {

// `text` (valid UTF-8) in normal form C: itself when it already is, else a copy kept in `storage`.
std::string_view to_nfc(std::string_view text, std::string& storage);

}  // namespace pith
