#pragma once

#include <string>
#include <string_view>

namespace pith {

// What may be shown on a terminal of text that nobody has checked, such as a model's: control
// characters, which could move the cursor, retitle the window or worse, become U+FFFD; newline and
// tab stay, carriage returns go. `text` is valid UTF-8 and ends between characters.
std::string terminal_text(std::string_view text);

}  // namespace pith
