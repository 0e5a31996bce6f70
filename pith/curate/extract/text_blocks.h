#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pith/curate/extract/html_tree.h"

// The text of a page as blocks: what stands between two block boundaries (a paragraph, a heading, a
// list item, a table row, a piece of code), in document order. The unit that extraction keeps or
// drops.
//
// Block boundaries are the start and end of elements with kTagBlock (html_tags.h) and two <br> in a
// row. A <tr> whose cells hold no more than a block or two each is one block, other cells are
// blocks of their own. Text of elements with kTagNoText and of <title> is in no block; of
// <noscript> it is, unless it only asks for scripts. Formulas come as TeX between "$"
// (formula_text.h).
namespace pith {

enum class BlockKind : std::uint8_t { kParagraph, kHeading, kListItem, kRow, kCode };

// Counts of a block's text. A word is a run of letters and digits; an ideograph, kana or hangul
// syllable counts as 0.6 words and as a letter.
struct TextStats {
  float words = 0;
  float link_words = 0;                                 // of them, inside <a>
  std::uint32_t letters = 0, capitals = 0, digits = 0;  // capitals: A to Z, also among the letters
  std::uint32_t commas = 0;                             // , ， and the enumeration comma 、
  std::uint32_t sentence_ends = 0;  // . ! ? but not the dot of "3.5"; 。 ！ ？ …
  std::uint32_t bars = 0;           // | » « › · •, the marks between links of a menu
};

struct TextBlock {
  BlockKind kind = BlockKind::kParagraph;
  std::uint8_t heading = 0;          // 1..6 for headings
  std::uint8_t list_depth = 0;       // number of lists around it
  std::uint8_t quote_depth = 0;      // number of <blockquote>s around it
  bool list_start = false;           // first block of its list item
  std::uint32_t ordinal = 0;         // of its item in an ordered list; 0: the list has bullets
  std::uint32_t node = 0;            // innermost block-level element around it
  std::uint32_t begin = 0, end = 0;  // of its text in TextBlocks::text
  std::string_view code_language;    // of code, as its class says; points into the page
  TextStats stats;
};

// Blocks with their text, UTF-8 where the page is: white space collapsed, soft hyphens and
// zero-width spaces left out, character references decoded, lines of code kept, cells joined by
// " | ". Lifetime: `code_language` of the blocks ends with the page; the rest is owned.
struct TextBlocks {
  std::string text;  // of all blocks, a line end behind each
  std::vector<TextBlock> blocks;
  std::string_view of(const TextBlock& block) const {
    return std::string_view(text).substr(block.begin, block.end - block.begin);
  }
};

// Whether a link's text is only the mark that generators put beside headings: "¶", "#".
bool is_permalink_mark(std::string_view text);

// Adds `text` (UTF-8, no markup) to the counts; what is ill-formed counts as something. Any thread.
void count_text(std::string_view text, bool in_link, TextStats& stats);

// Finds the blocks of a page with scratch memory that is kept for the next one. Linear time and
// memory; there is no page that is an error. One thread at a time.
class BlockFinder {
 public:
  // A page of more blocks than this has the rest of its text in the last one.
  static constexpr std::size_t kMaxBlocks = 300'000;

  // Replaces `out`. `tree` is looked at during the call only.
  void find(const HtmlTree& tree, TextBlocks& out);

 private:
  void measure_rows(const HtmlTree& tree);
  struct Context {
    std::uint32_t node;
    std::uint32_t end;
    HtmlTag tag;
    std::uint32_t next_ordinal;  // of the list that this is; 0: has none
    std::uint8_t list_depth;
    std::uint8_t quote_depth;
    bool in_pre;
    bool in_row;  // inside a row that is one block
  };
  void enter(std::uint32_t node);
  std::uint32_t take_ordinal();  // of an item of the innermost list
  void leave();
  void append_text(std::uint32_t node);
  void append_collapsed(std::string_view text);
  void append_verbatim(std::string_view text);
  void append_formula(std::uint32_t node);
  void line_break();
  void flush();

  const HtmlTree* tree_ = nullptr;
  TextBlocks* out_ = nullptr;
  std::vector<Context> stack_;
  std::vector<std::uint16_t>
      blocks_inside_;  // by node: block-level descendants; <tr>: most in a cell
  TextBlock pending_;
  bool pending_open_ = false;  // pending_ has text
  bool space_due_ = false;     // white space was seen since the last character
  bool cell_due_ = false;      // a cell boundary was seen
  std::uint32_t ordinal_due_ = 0;
  bool item_due_ = false;     // the next block is the first of a list item
  std::uint32_t breaks_ = 0;  // <br> in a row without text between
  std::string decoded_;
};

}  // namespace pith
