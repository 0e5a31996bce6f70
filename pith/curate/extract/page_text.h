#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "pith/curate/extract/text_blocks.h"

namespace pith {

// The kept blocks as readable text. `keep` has one entry a block.
void render_page_text(const TextBlocks& blocks, std::span<const std::uint8_t> keep, bool markdown,
                      std::string& out);

// Replaces bytes that are not UTF-8 by U+FFFD and drops control characters but tab and newline.
void make_valid_utf8(std::string& text);

}  // namespace pith
