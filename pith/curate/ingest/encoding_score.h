#pragma once

#include <string_view>

namespace pith {

// What a guess chooses from; of equals the first wins.
inline constexpr std::string_view kGuessedEncodings[] = {
    "windows-1252", "gb18030",      "big5",         "shift_jis",    "euc-jp",       "euc-kr",
    "windows-1251", "koi8-r",       "koi8-u",       "iso-8859-5",   "ibm866",       "windows-1250",
    "iso-8859-2",   "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
    "windows-1258", "windows-874",  "iso-8859-15"};

// How much `sample` reads like a text of some language when taken as `encoding`: the mean over its
// characters beyond ASCII, about 1 for a good text and below 0 for nonsense. Counted for it: the
// everyday characters of Chinese, Japanese and Korean, by their rows in the code (the standards put
// the common ones first) and by a list; letters that one language has together; words in one script
// and in sane case. Counted against it: bytes that mean nothing, controls, symbols inside words.
double encoding_score(std::string_view sample, std::string_view encoding);

}  // namespace pith
