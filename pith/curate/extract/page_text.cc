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

namespace {

// Appends `text` with what stands before every line of a quotation or a nested block.
void append_lines(std::string_view text, std::string_view before, std::string& out) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (at > 0) out.append("\n").append(before);
    out += text.substr(at, end - at);
    at = end + 1;
  }
}

// A fence longer than any run of backticks in the code.
std::string fence_of(std::string_view code) {
  std::size_t longest = 2, run = 0;
  for (const char c : code) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(longest + 1, '`');
}

// The line that Markdown's tables need behind their first row.
std::string row_rule(std::string_view row) {
  std::string rule = "| --- |";
  for (std::size_t at = row.find(" | "); at != row.npos; at = row.find(" | ", at + 3)) {
    rule += " --- |";
  }
  return rule;
}

void render_markdown(const TextBlock& block, std::string_view text, bool first_row,
                     std::string& out) {
  std::string before;  // every line
  for (int i = 0; i < block.quote_depth; ++i) before += "> ";
  out += before;
  const auto indent = 2 * static_cast<std::size_t>(std::clamp<int>(block.list_depth - 1, 0, 8));
  if (block.list_start) {
    out.append(indent, ' ');
    before.append(indent + 2, ' ');
    out += block.ordinal > 0 ? std::to_string(block.ordinal) + ". " : "- ";
  }
  switch (block.kind) {
    case BlockKind::kHeading:
      out.append(block.heading, '#') += ' ';
      return append_lines(text, before, out);
    case BlockKind::kCode: {
      const std::string fence = fence_of(text);
      out += fence;
      out.append(block.code_language).append("\n").append(before);
      append_lines(text, before, out);
      out.append("\n").append(before).append(fence);
      return;
    }
    case BlockKind::kRow: {
      std::string row(text);
      std::ranges::replace(row, '\n', ' ');
      out += "| " + row + " |";
      if (first_row) out.append("\n").append(before).append(row_rule(row));
      return;
    }
    default:
      return append_lines(text, before, out);
  }
}

void render_plain(const TextBlock& block, std::string_view text, std::string& out) {
  if (block.kind == BlockKind::kListItem) {
    out.append(2 * static_cast<std::size_t>(std::clamp<int>(block.list_depth - 1, 0, 8)), ' ');
  }
  const bool item = block.kind == BlockKind::kHeading && block.list_start;
  if (item || block.kind == BlockKind::kListItem) out += "- ";
  out += text;
}

}  // namespace

void render_page_text(const TextBlocks& blocks, std::span<const std::uint8_t> keep, bool markdown,
                      std::string& out) {
  out.clear();
  const TextBlock* previous = nullptr;
  for (std::size_t b = 0; b < blocks.blocks.size(); ++b) {
    if (keep[b] == 0) continue;
    const TextBlock& block = blocks.blocks[b];
    const bool rows =
        previous != nullptr && block.kind == BlockKind::kRow && previous->kind == BlockKind::kRow;
    if (previous != nullptr) {
      const bool items = block.kind == BlockKind::kListItem && previous->list_depth > 0;
      out += rows || items ? "\n" : "\n\n";
    }
    if (markdown) {
      render_markdown(block, blocks.of(block), !rows, out);
    } else {
      render_plain(block, blocks.of(block), out);
    }
    previous = &block;
  }
  make_valid_utf8(out);
}

}  // namespace pith
