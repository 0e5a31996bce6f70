#pragma once

#include <cstddef>
#include <span>

#include "pith/curate/clean/text_features.h"

// Counts over the lines of a document outside of code fences.
namespace pith {

struct LineShapes {
  std::size_t lines = 0;
  std::size_t bullets = 0;        // start with a bullet sign or "-"
  std::size_t ellipsis_ends = 0;  // end with "...", U+2026, 。。。, 展开 or 更多
  std::size_t terminal_ends = 0;  // end with a mark that closes a sentence, closing quotes allowed
  std::size_t short_lines = 0;    // at most `short_characters`
};
LineShapes line_shapes(std::span<const TextLine> lines, std::size_t short_characters = 30);

}  // namespace pith
