#include "pith/curate/extract/contents_titles.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace pith {
namespace {

constexpr float kLinkShare = 0.7f;  // of the words of a list of links

constexpr std::string_view kTitles[] = {"contents",
                                        "table of contents",
                                        "on this page",
                                        "in this article",
                                        "目录",
                                        "目錄",
                                        "目次",
                                        "inhalt",
                                        "inhaltsverzeichnis",
                                        "sommaire",
                                        "table des matières",
                                        "sommario",
                                        "índice",
                                        "tabla de contenidos",
                                        "оглавление"};

bool titles_contents(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  if (lower.ends_with(':')) lower.pop_back();
  return std::ranges::find(kTitles, lower) != std::end(kTitles);
}

}  // namespace

void drop_contents_titles(const TextBlocks& blocks, std::span<std::uint8_t> keep) {
  // From the end: the dropped blocks behind this one, up to what is kept.
  std::size_t behind = 0;
  float words = 0, link_words = 0;
  for (std::size_t b = blocks.blocks.size(); b-- > 0;) {
    const TextBlock& block = blocks.blocks[b];
    if (keep[b] == 0) {
      ++behind;
      words += block.stats.words;
      link_words += block.stats.link_words;
      continue;
    }
    const bool links_fell = behind >= 2 && link_words >= kLinkShare * words;
    if (links_fell && titles_contents(blocks.of(block))) keep[b] = 0;
    behind = 0;
    words = link_words = 0;
  }
}

}  // namespace pith
