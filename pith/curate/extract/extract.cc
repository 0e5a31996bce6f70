#include "pith/curate/extract/extract.h"

#include <utility>
#include <vector>

#include "pith/curate/extract/block_features.h"
#include "pith/curate/extract/html_tree.h"
#include "pith/curate/extract/page_hints.h"
#include "pith/curate/extract/page_text.h"
#include "pith/curate/extract/text_blocks.h"

namespace pith {

struct Extractor::Scratch {
  HtmlTree tree;
  BlockFinder finder;
  TextBlocks blocks;
  PageHints hints;
  BlockMeasurer measurer;
  std::vector<std::uint8_t> keep;
};

Extractor::Extractor() : scratch_(std::make_unique<Scratch>()) {}
Extractor::~Extractor() = default;
Extractor::Extractor(Extractor&&) noexcept = default;
Extractor& Extractor::operator=(Extractor&&) noexcept = default;

Page Extractor::extract(std::string_view html, const ExtractOptions& options) {
  Scratch& s = *scratch_;
  s.tree.build(html);
  s.finder.find(s.tree, s.blocks);
  read_page_hints(s.tree, s.hints);
  s.measurer.measure(s.tree, s.blocks, s.hints);
  s.keep.assign(s.blocks.blocks.size(), 0);
  const auto nodes = s.tree.nodes();
  for (std::size_t b = 0; b < s.keep.size(); ++b) {
    const TextBlock& block = s.blocks.blocks[b];
    bool boilerplate = block.stats.link_words > 0.5f * block.stats.words;
    for (std::uint32_t node = block.node; node != 0; node = nodes[node].parent) {
      const HtmlTag tag = nodes[node].tag;
      boilerplate = boilerplate || tag == HtmlTag::kNav || tag == HtmlTag::kFooter ||
                    tag == HtmlTag::kAside || tag == HtmlTag::kForm;
    }
    s.keep[b] = !boilerplate;
  }
  Page page = std::move(s.hints.metadata);
  render_page_text(s.blocks, s.keep, options.markdown, page.text);
  return page;
}

Page extract_page(std::string_view html, const ExtractOptions& options) {
  return Extractor().extract(html, options);
}

}  // namespace pith
