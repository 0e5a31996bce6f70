#include "pith/curate/dedup/repeated_text.h"

#include <algorithm>
#include <map>
#include <set>

namespace pith {
namespace {

enum class Cut : std::uint8_t { kNone, kPassage, kParagraph, kLine };

struct Segment {
  std::uint32_t begin, end;
  std::uint32_t before;  // where the segment before it ends
  bool line_ends, paragraph_begins, leads_on;
  std::uint32_t repeated = 0;  // the most documents that a window over it stands in
  Cut cut = Cut::kNone;
};

struct Line {
  std::size_t first, last;      // segments
  std::uint32_t documents = 0;  // that have it, when it is short
  bool sentence = false;
};

// A document's segments and lines with what is known of them.
struct Page {
  std::vector<Segment> segments;
  std::vector<Line> lines;

  Page(std::span<const SegmentKey> keys, std::span<const std::uint32_t> documents) {
    std::size_t line_begin = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const SegmentKey& key = keys[i];
      if (key.flags & kShortLine) {
        if (lines.empty()) continue;
        lines.back().documents = documents[i];
        lines.back().sentence = (key.flags & kSentenceLine) != 0;
        continue;
      }
      const std::uint32_t before = segments.empty() ? 0 : segments.back().end;
      segments.push_back({.begin = before + key.space_before,
                          .end = key.end,
                          .before = before,
                          .line_ends = (key.flags & kLineEnds) != 0,
                          .paragraph_begins = (key.flags & kParagraphBegins) != 0,
                          .leads_on = (key.flags & kLeadsOn) != 0});
      if (documents[i] > 0) {
        const std::size_t first =
            segments.size() - 1 - std::min<std::size_t>(key.back, segments.size() - 1);
        for (std::size_t s = first; s < segments.size(); ++s) {
          segments[s].repeated = std::max(segments[s].repeated, documents[i]);
        }
      }
      if (!segments.back().line_ends) continue;
      lines.push_back({line_begin, segments.size() - 1});
      line_begin = segments.size();
    }
  }

  // Calls on_run(first, last) for the longest runs of segments in `least` documents.
  template <class OnRun>
  void for_each_run(std::size_t least, const OnRun& on_run) const {
    for (std::size_t i = 0; i < segments.size();) {
      const auto repeated = [&](std::size_t s) { return segments[s].repeated >= least; };
      if (!repeated(i)) {
        ++i;
        continue;
      }
      std::size_t last = i;
      while (last + 1 < segments.size() && repeated(last + 1)) ++last;
      on_run(i, last);
      i = last + 1;
    }
  }

  std::uint32_t bytes(std::size_t first, std::size_t last) const {
    return segments[last].end - segments[first].begin;
  }
  bool is_cut(const Line& line) const {
    return std::all_of(segments.begin() + static_cast<std::ptrdiff_t>(line.first),
                       segments.begin() + static_cast<std::ptrdiff_t>(line.last) + 1,
                       [](const Segment& s) { return s.cut != Cut::kNone; });
  }
  void cut(std::size_t first, std::size_t last, Cut kind) {
    for (std::size_t s = first; s <= last; ++s) {
      if (segments[s].cut == Cut::kNone) segments[s].cut = kind;
    }
  }
};

void cut_passages(const RepeatedTextOptions& options, Page& page) {
  page.for_each_run(2, [&](std::size_t first, std::size_t last) {
    if (page.bytes(first, last) >= options.passage_bytes) page.cut(first, last, Cut::kPassage);
  });
}

void cut_paragraphs(const RepeatedTextOptions& options, Page& page) {
  page.for_each_run(options.paragraph_documents, [&](std::size_t first, std::size_t last) {
    // Whole lines of the run.
    while (first <= last && first > 0 && !page.segments[first - 1].line_ends) ++first;
    while (last > first && !page.segments[last].line_ends) --last;
    if (first > last || !page.segments[last].line_ends) return;
    if (page.bytes(first, last) >= options.paragraph_bytes) page.cut(first, last, Cut::kParagraph);
  });
}

void cut_lines(const RepeatedTextOptions& options, Page& page) {
  const auto cut = [&](const Line& line) { page.cut(line.first, line.last, Cut::kLine); };
  const auto often = [&](const Line& line) {
    return line.documents > 0 && line.documents >= options.line_documents;
  };
  for (const Line& line : page.lines) {
    if (line.sentence && often(line)) cut(line);
  }
  for (std::size_t i = page.lines.size(); i > 0; --i) {
    const Line& line = page.lines[i - 1];
    if (page.is_cut(line)) continue;
    if (!often(line)) break;
    cut(line);
  }
  // One line alone at the beginning is more likely a heading.
  std::size_t first = 0, lines = 0;
  for (; first < page.lines.size(); ++first) {
    if (page.is_cut(page.lines[first])) continue;
    if (!often(page.lines[first])) break;
    ++lines;
  }
  if (lines < 2) return;
  for (std::size_t i = 0; i < first; ++i) cut(page.lines[i]);
}

// Keeps the paragraph that a line with a colon leads to, when that line stays.
void keep_what_is_led_to(Page& page) {
  for (std::size_t i = 1; i < page.segments.size(); ++i) {
    const Segment& before = page.segments[i - 1];
    if (page.segments[i].cut == Cut::kNone || before.cut != Cut::kNone || !before.leads_on)
      continue;
    do {
      page.segments[i++].cut = Cut::kNone;
    } while (i < page.segments.size() && !page.segments[i].paragraph_begins);
  }
}

RepeatedCounts count(const Page& page) {
  RepeatedCounts counts;
  Cut before = Cut::kNone;
  for (const Segment& s : page.segments) {
    const std::uint64_t bytes = s.end - s.begin;
    if (s.cut == Cut::kPassage) {
      counts.passages += before != Cut::kPassage, counts.passage_bytes += bytes;
    } else if (s.cut == Cut::kParagraph) {
      counts.paragraphs += s.line_ends, counts.paragraph_bytes += bytes;
    } else if (s.cut == Cut::kLine) {
      counts.lines += s.line_ends, counts.line_bytes += bytes;
    }
    before = s.cut;
  }
  return counts;
}

}  // namespace

void repeated_text_settings(RepeatedTextOptions& options, SettingVisitor& v) {
  v.flag("enabled", options.enabled, "");
  v.count("passage_bytes", options.passage_bytes, "in a row that an earlier document has: cut");
  v.count("paragraph_bytes", options.paragraph_bytes, "whole lines of so much, at least 100,");
  v.count("paragraph_documents", options.paragraph_documents, "in so many documents: cut");
  v.count("line_documents", options.line_documents,
          "shorter lines at the ends of a document, and sentences, in so many: cut");
  v.count("least_bytes", options.least_bytes, "must be left of a document that loses some");
  v.share("least_share", options.least_share, "of its text, too");
}

RepeatedCounts& RepeatedCounts::operator+=(const RepeatedCounts& other) {
  passages += other.passages, paragraphs += other.paragraphs, lines += other.lines;
  passage_bytes += other.passage_bytes, paragraph_bytes += other.paragraph_bytes;
  line_bytes += other.line_bytes;
  return *this;
}

RepeatedCounts find_repeated(std::span<const SegmentKey> keys,
                             std::span<const std::uint32_t> documents,
                             const RepeatedTextOptions& options, std::vector<ByteRange>& cuts) {
  cuts.clear();
  Page page(keys, documents);
  cut_passages(options, page);
  cut_paragraphs(options, page);
  cut_lines(options, page);
  keep_what_is_led_to(page);
  for (std::size_t i = 0; i < page.segments.size(); ++i) {
    if (page.segments[i].cut == Cut::kNone) continue;
    const std::size_t first = i;
    while (i + 1 < page.segments.size() && page.segments[i + 1].cut != Cut::kNone) ++i;
    if (first > 0) {
      cuts.push_back({page.segments[first].before, page.segments[i].end});
    } else {
      const bool last = i + 1 == page.segments.size();
      cuts.push_back({0, last ? page.segments[i].end : page.segments[i + 1].begin});
    }
  }
  return count(page);
}

std::uint64_t bytes_of(std::span<const ByteRange> cuts) {
  std::uint64_t bytes = 0;
  for (const ByteRange& cut : cuts) bytes += cut.end - cut.begin;
  return bytes;
}

std::string without_ranges(std::string_view text, std::span<const ByteRange> cuts) {
  std::string left;
  std::size_t at = 0;
  for (const ByteRange& cut : cuts) {
    left += text.substr(at, cut.begin - at);
    at = cut.end;
  }
  left += text.substr(at);
  return left;
}

std::vector<std::string> cut_repeated_ref(const std::vector<std::string>& texts,
                                          const RepeatedTextOptions& options) {
  std::map<std::uint64_t, std::set<std::size_t>> holders;
  std::vector<SegmentKey> keys;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    segment_keys(texts[i], keys);
    for (const SegmentKey& key : keys) {
      if (key.key != 0) holders[key.key].insert(i);
    }
  }
  std::vector<std::string> left;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    segment_keys(texts[i], keys);
    std::vector<std::uint32_t> documents;
    for (const SegmentKey& key : keys) {
      const std::set<std::size_t> none, &all = key.key == 0 ? none : holders[key.key];
      const bool earlier = !all.empty() && *all.begin() < i;
      documents.push_back(earlier ? static_cast<std::uint32_t>(all.size()) : 0);
    }
    std::vector<ByteRange> cuts;
    find_repeated(keys, documents, options, cuts);
    left.push_back(without_ranges(texts[i], cuts));
  }
  return left;
}

}  // namespace pith
