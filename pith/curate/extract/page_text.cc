#include "pith/curate/extract/page_text.h"

#include <algorithm>

namespace pith {
namespace {

// Length of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7), or 0.
std::size_t valid_sequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned lead = byte(at);
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(at + i) >= low && byte(at + i) <= high;
  };
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead < 0xF0) {
    return follows(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead < 0xF5) {
    return follows(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && follows(2) &&
                   follows(3)
               ? 4
               : 0;
  }
  return 0;
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

}  // namespace

void make_valid_utf8(std::string& text) {
  std::size_t good = 0;
  for (std::size_t length; good < text.size(); good += length) {
    length = valid_sequence(text, good);
    if (length == 0 || is_control(text[good])) break;
  }
  if (good == text.size()) return;
  std::string out = text.substr(0, good);
  for (std::size_t at = good; at < text.size();) {
    const std::size_t length = valid_sequence(text, at);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
    } else {
      if (!is_control(text[at])) out.append(text, at, length);
      at += length;
    }
  }
  text = std::move(out);
}

void render_page_text(const TextBlocks& blocks, std::span<const std::uint8_t> keep, bool markdown,
                      std::string& out) {
  out.clear();
  const TextBlock* previous = nullptr;
  for (std::size_t b = 0; b < blocks.blocks.size(); ++b) {
    if (keep[b] == 0) continue;
    const TextBlock& block = blocks.blocks[b];
    if (previous != nullptr) {
      const bool rows = block.kind == BlockKind::kRow && previous->kind == BlockKind::kRow;
      const bool items = block.kind == BlockKind::kListItem && previous->list_depth > 0;
      out += rows || items ? "\n" : "\n\n";
    }
    const std::string_view text = blocks.of(block);
    switch (block.kind) {
      case BlockKind::kListItem:
        out.append(2 * static_cast<std::size_t>(std::clamp<int>(block.list_depth - 1, 0, 8)), ' ');
        out += "- ";
        out += text;
        break;
      case BlockKind::kHeading:
        if (block.list_start) out += "- ";
        if (markdown) out.append(block.heading, '#') += ' ';
        out += text;
        break;
      case BlockKind::kCode:
        if (markdown) out += "```\n";
        out += text;
        if (markdown) out += "\n```";
        break;
      case BlockKind::kRow:
        if (markdown) out += "| ";
        out += text;
        if (markdown) out += " |";
        break;
      case BlockKind::kParagraph:
        out += text;
        break;
    }
    previous = &block;
  }
  make_valid_utf8(out);
}

}  // namespace pith
