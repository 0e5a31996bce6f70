#pragma once

#include <string>
#include <string_view>

namespace pith {

// How extraction decides on a page, as one JSON object: "blocks" has for each block its text, its
// probability to be main text and whether it is kept. With `measures` also what training needs:
// "features" (a column each), "node", "alike", "around" (16 elements a block), and "elements" (node
// to its parent, then its cue words). Any thread. Linear time.
std::string block_report(std::string_view html, bool measures);

}  // namespace pith
