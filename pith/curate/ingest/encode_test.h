#pragma once

#include <unicode/ucnv.h>

#include <cstddef>
#include <string>
#include <string_view>

// Sentences in other encodings, for the tests of reading them.
namespace pith {

// `utf8` in `encoding` (a name of ICU's), what it cannot write left out.
inline std::string encode(std::string_view utf8, const char* encoding) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* const to = ucnv_open(encoding, &status);
  UConverter* const from = ucnv_open("utf-8", &status);
  ucnv_setFromUCallBack(to, UCNV_FROM_U_CALLBACK_SKIP, nullptr, nullptr, nullptr, &status);
  std::string out(utf8.size() * 4 + 16, '\0');
  char* target = out.data();
  const char* source = utf8.data();
  ucnv_convertEx(to, from, &target, out.data() + out.size(), &source, source + utf8.size(), nullptr,
                 nullptr, nullptr, nullptr, true, true, &status);
  out.resize(static_cast<std::size_t>(target - out.data()));
  ucnv_close(to);
  ucnv_close(from);
  return out;
}

// Article 1 of the Universal Declaration of Human Rights.
inline constexpr std::string_view kChinese =
    "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。";
inline constexpr std::string_view kTraditional =
    "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神相對待。";
inline constexpr std::string_view kJapanese =
    "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。";
inline constexpr std::string_view kKorean =
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.";
inline constexpr std::string_view kRussian =
    "Все люди рождаются свободными и равными в своем достоинстве и правах.";
inline constexpr std::string_view kFrench =
    "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de "
    "raison et de conscience et doivent agir les uns envers les autres dans un esprit de "
    "fraternité.";

}  // namespace pith
