#include "pith/curate/extract/extract.h"

#include <utility>
#include <vector>

#include "pith/curate/extract/block_features.h"
#include "pith/curate/extract/block_model.h"
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
  BlockModel model;
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
  choose_blocks(s.model.probabilities(s.measurer, s.blocks), s.blocks, s.keep);
  Page page = std::move(s.hints.metadata);
  render_page_text(s.blocks, s.keep, options.markdown, page.text);
  return page;
}

Page extract_page(std::string_view html, const ExtractOptions& options) {
  return Extractor().extract(html, options);
}

}  // namespace pith
