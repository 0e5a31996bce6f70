#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "pith/curate/extract/block_features.h"

namespace pith {

// A page and what is measured of its blocks: for the tests of the measures.
struct MeasuredPage {
  explicit MeasuredPage(std::string page) : html(std::move(page)) {
    tree.build(html);
    BlockFinder().find(tree, blocks);
    read_page_hints(tree, hints);
    measurer.measure(tree, blocks, hints);
  }
  float value(BlockFeature feature, std::size_t block) const {
    return measurer.column(static_cast<std::size_t>(feature))[block];
  }
  std::string html;
  HtmlTree tree;
  TextBlocks blocks;
  PageHints hints;
  BlockMeasurer measurer;
};

}  // namespace pith
