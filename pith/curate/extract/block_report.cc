#include "pith/curate/extract/block_report.h"

#include <cstdio>
#include <set>
#include <vector>

#include "pith/base/json.h"
#include "pith/curate/extract/block_features.h"
#include "pith/curate/extract/block_model.h"
#include "pith/curate/extract/html_tree.h"
#include "pith/curate/extract/page_hints.h"
#include "pith/curate/extract/page_text.h"
#include "pith/curate/extract/text_blocks.h"

namespace pith {
namespace {

constexpr int kElementsAround = 16;

// `write(i)` for 0..n-1 as a JSON array.
template <class Write>
void append_array(std::size_t n, std::string& out, const Write& write) {
  out += '[';
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0) out += ',';
    write(i);
  }
  out += ']';
}

void append_number(double value, std::string& out) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  out += text;
}

void append_measures(const HtmlTree& tree, const TextBlocks& blocks, const BlockMeasurer& measurer,
                     std::string& out) {
  const std::size_t n = blocks.blocks.size();
  out += ",\"feature_names\":";
  append_array(kBlockFeatureCount, out,
               [&](std::size_t f) { append_json_string(block_feature_name(f), out); });
  out += ",\"features\":";
  append_array(kBlockFeatureCount, out, [&](std::size_t f) {
    append_array(n, out, [&](std::size_t b) {
      append_number(static_cast<double>(measurer.column(f)[b]), out);
    });
  });
  out += ",\"node\":";
  append_array(n, out, [&](std::size_t b) { out += std::to_string(blocks.blocks[b].node); });
  out += ",\"alike\":";
  append_array(n, out, [&](std::size_t b) { out += std::to_string(measurer.likeness(b)); });
  out += ",\"around\":";
  append_array(n, out, [&](std::size_t b) {
    append_array(kElementsAround, out, [&](std::size_t k) {
      out += std::to_string(measurer.around(b, static_cast<int>(k) + 1));
    });
  });

  const auto nodes = tree.nodes();
  std::set<std::uint32_t> needed = {0};
  for (const TextBlock& block : blocks.blocks) {
    for (std::uint32_t i = block.node; needed.insert(i).second; i = nodes[i].parent) {
    }
  }
  out += ",\"elements\":{";
  std::vector<std::string> words;
  for (const std::uint32_t node : needed) {
    if (node != 0) out += ',';
    out += '"' + std::to_string(node) + "\":[" + std::to_string(nodes[node].parent);
    words.clear();
    BlockMeasurer::cue_tokens(tree, node, words);
    for (const std::string& word : words) {
      out += ',';
      append_json_string(word, out);
    }
    out += ']';
  }
  out += '}';
}

}  // namespace

std::string block_report(std::string_view html, bool measures) {
  HtmlTree tree;
  TextBlocks blocks;
  PageHints hints;
  BlockMeasurer measurer;
  BlockModel model;
  std::vector<std::uint8_t> keep;
  tree.build(html);
  BlockFinder().find(tree, blocks);
  read_page_hints(tree, hints);
  measurer.measure(tree, blocks, hints);
  const auto probability = model.probabilities(measurer, blocks);
  choose_blocks(probability, blocks, keep);

  std::string out = "{\"blocks\":";
  append_array(blocks.blocks.size(), out, [&](std::size_t b) {
    std::string text(blocks.of(blocks.blocks[b]));
    make_valid_utf8(text);
    out += "{\"kept\":";
    out += keep[b] != 0 ? "true" : "false";
    out += ",\"probability\":";
    append_number(static_cast<double>(probability[b]), out);
    out += ",\"text\":";
    append_json_string(text, out);
    out += '}';
  });
  if (measures) append_measures(tree, blocks, measurer, out);
  out += '}';
  return out;
}

}  // namespace pith
