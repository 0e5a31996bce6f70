#include "pith/curate/clean/line_shapes.h"

#include <array>

namespace pith {
namespace {

template <std::size_t N>
bool starts_with_any(std::string_view line, const std::array<std::string_view, N>& signs) {
  for (const std::string_view sign : signs) {
    if (line.starts_with(sign)) return true;
  }
  return false;
}
template <std::size_t N>
bool ends_with_any(std::string_view line, const std::array<std::string_view, N>& signs) {
  for (const std::string_view sign : signs) {
    if (line.ends_with(sign)) return true;
  }
  return false;
}

constexpr std::array<std::string_view, 12> kBullets = {"-", "•", "·", "●", "○", "■",
                                                       "□", "※", "◆", "▪", "‣", "＊"};
constexpr std::array<std::string_view, 5> kEllipsisEnds = {"...", "…", "。。。", "展开", "更多"};
constexpr std::array<std::string_view, 24> kTerminalEnds = {
    ".",  "?",  "!",  "\"", "'", "。", "？", "！", "…", "”", "’", "」",
    "』", "；", "：", "．", "｡", "؟",  "۔",  "।",  "։", "።", "»", ";"};

}  // namespace

LineShapes line_shapes(std::span<const TextLine> lines, std::size_t short_characters) {
  LineShapes shapes;
  for (const TextLine& line : lines) {
    if (line.code) continue;
    ++shapes.lines;
    shapes.bullets += starts_with_any(line.text, kBullets);
    shapes.ellipsis_ends += ends_with_any(line.text, kEllipsisEnds);
    shapes.terminal_ends += ends_with_any(line.text, kTerminalEnds);
    shapes.short_lines += line.characters <= short_characters;
  }
  return shapes;
}

}  // namespace pith
