// Pages: tokens, tree, main text and what a page says of itself.
#include <string>
#include <string_view>

#include "fuzz/target.h"
#include "pith/curate/extract/block_report.h"
#include "pith/curate/extract/extract.h"
#include "pith/curate/extract/html_tokenizer.h"
#include "pith/curate/extract/html_tree.h"
#include "pith/curate/extract/page_hints.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

void check_tokens(std::string_view html) {
  HtmlTokenizer tokenizer(html);
  HtmlToken token;
  std::string decoded;
  std::size_t tokens = 0, text_bytes = 0;
  for (std::size_t before = 0; tokenizer.next(token); before = tokenizer.position()) {
    PITH_CHECK(tokenizer.position() >= before && tokenizer.position() <= html.size(), "");
    PITH_CHECK(++tokens <= html.size(), "more tokens than bytes");
    PITH_CHECK(fuzz::lies_in(token.text, html), "");
    PITH_CHECK(fuzz::lies_in(token.public_id, html) && fuzz::lies_in(token.system_id, html), "");
    text_bytes += token.text.size();
    decoded.clear();
    decode_html_text(token.text, token.content, decoded);
    PITH_CHECK(decoded.size() <= 3 * token.text.size(), "references grow without bound");
    for (const HtmlAttribute& attribute : token.attributes) {
      PITH_CHECK(fuzz::lies_in(attribute.name, html) && fuzz::lies_in(attribute.value, html), "");
      decoded.clear();
      decode_html_attribute(attribute.value, decoded);
      PITH_CHECK(decoded.size() <= 3 * attribute.value.size(), "references grow without bound");
      decode_html_name(attribute.name, decoded);
    }
    decode_html_raw(token.text, decoded);
  }
  PITH_CHECK(text_bytes <= html.size(), "a byte is in two tokens");
}

void check_tree(std::string_view html, std::size_t max_nodes) {
  HtmlTree tree;
  tree.build(html, max_nodes);
  const auto nodes = tree.nodes();
  PITH_CHECK(!nodes.empty() && nodes[0].end == nodes.size(), "the root owns all");
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const HtmlNode& node = nodes[i];
    PITH_CHECK(node.end > i && node.end <= nodes.size(), "");
    if (i > 0) {
      PITH_CHECK(node.parent < i && node.end <= nodes[node.parent].end, "subtrees are ranges");
    }
    PITH_CHECK(std::uint64_t{node.begin} + node.size <= html.size(), "");
    for (const HtmlNodeAttribute& attribute : tree.attributes(i)) {
      PITH_CHECK(std::uint64_t{attribute.begin} + attribute.size <= html.size(), "");
    }
  }
  PageHints hints;
  read_page_hints(tree, hints);
}

// What an extractor that has seen other pages gives is what a new one gives.
void check_page(std::string_view html, const ExtractOptions& options) {
  static Extractor used;
  const Page page = used.extract(html, options);
  const Page again = extract_page(html, options);
  PITH_CHECK(page.text == again.text && page.title == again.title && page.url == again.url,
             "a page depends on the one before");
  PITH_CHECK(page.measures == again.measures, "measures depend on the page before");
  for (const std::string* text : {&page.text, &page.title, &page.author, &page.date, &page.site,
                                  &page.url, &page.license, &page.language}) {
    PITH_CHECK(valid_utf8(*text), *text);
    PITH_CHECK(text->find('\0') == std::string::npos, "a NUL comes through");
  }
  PITH_CHECK(page.text.size() <= 8 * html.size() + 64, "the text is far larger than the page");
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  const std::string_view html = fuzz::Input(data, size).rest();
  check_tokens(html);
  check_tree(html, HtmlTree::kMaxNodes);
  check_tree(html, 10);
  check_page(html, {});
  check_page(html, {.markdown = true});
  check_page(html, {.max_nodes = 20});
  PITH_CHECK(valid_utf8(block_report(html, true)), "");
  const std::string date = iso_date(html.substr(0, 64));
  PITH_CHECK(date.empty() || date.size() == 10, date);
  return 0;
}
