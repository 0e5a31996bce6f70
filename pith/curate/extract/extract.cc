#include "pith/curate/extract/extract.h"

#include <utility>
#include <vector>

#include "pith/curate/extract/block_features.h"
#include "pith/curate/extract/block_model.h"
#include "pith/curate/extract/contents_titles.h"
#include "pith/curate/extract/html_tree.h"
#include "pith/curate/extract/page_hints.h"
#include "pith/curate/extract/page_measures.h"
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

namespace {

// Of larger pages there are few: what they took is given back.
constexpr std::size_t kUsualNodes = 50'000;

// A page that a script builds shows little text of its own; the article that it carries as data is
// better than that.
void use_hinted_article(const PageHints& hints, std::string& text) {
  constexpr std::size_t kShortArticle = 400;  // bytes
  if (hints.article.size() < kShortArticle || hints.article.size() / 4 <= text.size()) return;
  HtmlTree tree;  // some sites write markup into it
  tree.build(hints.article);
  TextBlocks blocks;
  BlockFinder().find(tree, blocks);
  const std::vector<std::uint8_t> all(blocks.blocks.size(), 1);
  render_page_text(blocks, all, false, text);
}

}  // namespace

Extractor::Extractor() : scratch_(std::make_unique<Scratch>()) {}
Extractor::~Extractor() = default;
Extractor::Extractor(Extractor&&) noexcept = default;
Extractor& Extractor::operator=(Extractor&&) noexcept = default;

Page Extractor::extract(std::string_view html, const ExtractOptions& options) {
  Scratch& s = *scratch_;
  s.tree.build(html, options.max_nodes);
  s.finder.find(s.tree, s.blocks);
  read_page_hints(s.tree, s.hints);
  s.measurer.measure(s.tree, s.blocks, s.hints);
  const std::span<const float> probability = s.model.probabilities(s.measurer, s.blocks);
  choose_blocks(probability, s.blocks, s.keep);
  drop_contents_titles(s.blocks, s.keep);
  Page page = std::move(s.hints.metadata);
  page.measures = measure_page(s.measurer, s.blocks, s.keep, probability);
  render_page_text(s.blocks, s.keep, options.markdown, page.text);
  use_hinted_article(s.hints, page.text);
  if (s.tree.nodes().size() > kUsualNodes) scratch_ = std::make_unique<Scratch>();
  return page;
}

Page extract_page(std::string_view html, const ExtractOptions& options) {
  return Extractor().extract(html, options);
}

}  // namespace pith
