#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

// Words and sentences as filters and shingles count them. Simple and fast rather than linguistic.
// Views point into the text given and live as long as it. Text may hold ill-formed bytes: they end
// a word. Pure; any thread.
namespace pith {

// Calls on_word for every word of `text` in order:
// - a run of letters, numbers and the marks that follow them is one word ("naïve", "B2B", "2024",
//   Hangul, Thai and every other script: runs as written);
// - an apostrophe (' or U+2019) between two letters stays inside ("don't" is one word);
// - every Han, Hiragana or Katakana letter is a word of its own, so that Chinese and Japanese have
//   words without a dictionary ("机器学习 2024" gives 机 器 学 习 2024).
// Punctuation, symbols, emoji and white space only separate.
void for_each_word(std::string_view text, const std::function<void(std::string_view)>& on_word);
std::vector<std::string_view> split_words(std::string_view text);
std::size_t count_words(std::string_view text);

// Calls on_sentence for every sentence, white space around it cut off. A sentence ends
// - after 。 ！ ？ ． ｡ … or a run of them, closing quotes and brackets that follow included;
// - after . ! ? or a run of them (closers included) when white space or the end follows, and for a
//   single '.' not when the word before it is one letter ("J. Smith") or what follows starts in
//   lower case ("e.g. this");
// - at an empty line. A single line break is white space.
void for_each_sentence(std::string_view text,
                       const std::function<void(std::string_view)>& on_sentence);
std::vector<std::string_view> split_sentences(std::string_view text);

// Lines without their "\n" or "\r\n"; the last line needs no newline. "" has no line.
void for_each_line(std::string_view text, const std::function<void(std::string_view)>& on_line);
std::vector<std::string_view> split_lines(std::string_view text);

// `text` without white space (Unicode) at both ends.
std::string_view trim_whitespace(std::string_view text);

}  // namespace pith
