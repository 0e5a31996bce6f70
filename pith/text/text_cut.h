#pragma once

#include <cstddef>
#include <string_view>

// Where long text may be cut, to be encoded part by part or by several threads. Pure; any thread.
namespace pith {

// Two kinds of places: before a space that follows anything but white space, and behind a newline
// that has something other than white space on both sides. No pre-token of any PretokenizerKind
// goes over such a place, and none looks beyond it; nor do NFC and the repair of ill-formed bytes.
struct CutPlaces {
  bool before_space = true;
  bool after_newline = true;
};

// The first place from `from` on, at least 1 and less than text.size(); npos when there is none.
std::size_t next_cut(std::string_view text, std::size_t from, CutPlaces places = {});

// The last place, 0 when there is none.
std::size_t last_cut(std::string_view text, CutPlaces places = {});

}  // namespace pith
