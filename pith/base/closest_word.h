#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

// What someone may have meant by a word that is not known: "curat" for "curate".
namespace pith {

// Bytes to insert, delete or replace, and neighbours to swap, to come from a to b, at least (the
// optimal string alignment distance).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The word of `words` that is nearest to `word`, the first of equals; empty when none is near: more
// than a third of the letters are wrong, and more than one.
std::string closest_word(std::string_view word, std::span<const std::string> words);

}  // namespace pith
