#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pith/curate/clean/settings.h"
#include "pith/curate/dedup/text_segments.h"

// Text that stands in other documents too: cut in all but the first that has it.
namespace pith {

struct RepeatedTextOptions {
  bool enabled = true;
  // What stands in a row in an earlier document: whole segments, of so many bytes.
  std::size_t passage_bytes = 800;
  // Whole lines of so many bytes (not less than kWindowBytes) that stand in so many documents.
  std::size_t paragraph_bytes = 100, paragraph_documents = 3;
  // Short lines in so many documents: at the end, two or more at the beginning, and sentences.
  std::size_t line_documents = 10;
  // A document that loses text falls when less than this is left of it.
  std::size_t least_bytes = 200;
  double least_share = 0.3;
};

void repeated_text_settings(RepeatedTextOptions& options, SettingVisitor& visitor);

struct ByteRange {
  std::uint32_t begin = 0, end = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct RepeatedCounts {
  std::uint64_t passages = 0, paragraphs = 0, lines = 0;
  std::uint64_t passage_bytes = 0, paragraph_bytes = 0, line_bytes = 0;
  RepeatedCounts& operator+=(const RepeatedCounts& other);
};

// Decides what a document loses. `keys` are its segments' (text_segments.h); `documents` has, for
// each of them, how many documents hold the key, this one included, or 0 when none before it does.
// What a line with a colon leads to stays with it. Replaces `cuts` with what goes: ascending,
// apart, each from the end of a segment to the end of a later one (at the beginning of the text: to
// the beginning of the next one), so that what is left keeps its line breaks.
RepeatedCounts find_repeated(std::span<const SegmentKey> keys,
                             std::span<const std::uint32_t> documents,
                             const RepeatedTextOptions& options, std::vector<ByteRange>& cuts);

// `text` without `cuts`.
std::string without_ranges(std::string_view text, std::span<const ByteRange> cuts);
std::uint64_t bytes_of(std::span<const ByteRange> cuts);

// The slow truth for all of a corpus, in memory: the texts as they are after cutting.
std::vector<std::string> cut_repeated_ref(const std::vector<std::string>& texts,
                                          const RepeatedTextOptions& options);

}  // namespace pith
