#pragma once

#include <cstdint>
#include <span>

#include "pith/curate/extract/text_blocks.h"

namespace pith {

// Unmarks the kept titles of dropped lists of contents: "Contents", "On this page", "目录" and
// their like in other languages, as heading or paragraph, before links that were dropped. Headings
// in general stay when what is below them falls: in listings they are the entries.
void drop_contents_titles(const TextBlocks& blocks, std::span<std::uint8_t> keep);

}  // namespace pith
