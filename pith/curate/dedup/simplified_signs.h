#pragma once

// Traditional Chinese as simplified, sign by sign, so that both compare.
namespace pith {

// The simplified sign of a traditional one (ICU's transliterator); any other code point itself.
// Several traditional signs may share one (後 and 后 give 后), so text does not survive the way
// back: this is for comparing, not for reading. Applied twice it gives the same. Any thread.
char32_t simplified_sign(char32_t code_point);

}  // namespace pith
