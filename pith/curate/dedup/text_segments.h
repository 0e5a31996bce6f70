#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

// A text as a row of segments: what repeated text is made of, and the only places where it is cut.
namespace pith {

// A sentence of a line. A line goes on over a line break when it is long, ends no sentence and what
// follows begins in lower case: text that was broken to a width. A sentence of more than
// kLongSegment bytes is several segments, cut behind commas or spaces, at places that depend on the
// words before them only, so that a repeated part of it is cut alike. Never within a word or a
// character; what has no such place stays whole.
struct TextSegment {
  std::uint32_t begin = 0, end = 0;  // bytes of the text, without white space around
  bool line_ends = false;            // the last of its line
  bool sentence_ends = false;        // . ! ? or their like stand at its end
  bool paragraph_begins = false;     // an empty line or nothing is before it
  bool code = false;
};
inline constexpr std::size_t kLongSegment = 400;

// Code is a fence with what it holds, as one segment; and a paragraph with many signs that prose
// hardly has, with aligned columns or cells, or where lines begin as in a shell.
//
// Replaces `out` with the segments of `text` (valid UTF-8), in order. Linear in the text. Pure; any
// thread.
void split_segments(std::string_view text, std::vector<TextSegment>& out);

// What a segment is looked up by in other documents: 16 bytes, which lie on the disk while curation
// works.
struct SegmentKey {
  std::uint64_t key = 0;           // of the window that it ends, or of the line; 0: none
  std::uint32_t end = 0;           // of the segment
  std::uint16_t space_before = 0;  // bytes between it and the one before
  std::uint8_t back = 0;           // how many segments before it the window begins
  std::uint8_t flags = 0;          // bits of SegmentFlag
};
static_assert(sizeof(SegmentKey) == 16);
enum SegmentFlag : std::uint8_t {
  kLineEnds = 1,      // of a segment: the last of its line
  kShortLine = 2,     // not a segment but the line that ends with the segment before this entry
  kSentenceLine = 4,  // of a short line: a sentence, which may be cut wherever it stands
  kLeadsOn = 8,       // of a segment: it ends in a colon, so what follows belongs to it
  kParagraphBegins = 16,
};

// A window is the segment and as many before it as it takes for kWindowBytes, over lines and
// paragraphs but not over code, which is in no window and so never cut: two texts that share a key
// share at least that much in a row. Its key is a hash of 64 bits of the bytes, where any white
// space is one space.
inline constexpr std::size_t kWindowBytes = 100;
// A line of less has a key of its own when it is among the first or last kEdgeLines of the text, or
// is a sentence of at least kSentenceLineBytes; not one with a bar or tab, which is a row of a
// table.
inline constexpr std::size_t kEdgeLines = 8;
inline constexpr std::size_t kSentenceLineBytes = 40;

// Replaces `out` with the keys of a text's segments. Those of a text of more than 4 GiB are none.
void segment_keys(std::string_view text, std::vector<SegmentKey>& out);

}  // namespace pith
