// A raw record through all of curation's first stage, every step switched on: HTML (h), text (t),
// Markdown (m) or a JSON field (j).
#include <memory>
#include <string>
#include <string_view>

#include "fuzz/target.h"
#include "pith/curate/pipeline/document_maker.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

struct Curation {
  CurateOptions options;
  EvaluationSets sets;

  Curation() {
    options.config = std::make_shared<CurateConfig>();
    options.config->spam.enabled = true;
    options.config->condense.enabled = true;
    options.config->condense.min_bytes = 0;
    sets.index.add("Which of the boats that came in before noon carried the most people?");
    sets.sets.push_back({.path = "set", .items = 1});
    sets.index.build();
  }
};

void check_lines(std::string_view lines, std::size_t raw_bytes) {
  DocumentParser parser;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    PITH_CHECK(end != std::string_view::npos, "half a line");
    Document document;
    PITH_CHECK(parser.parse(lines.substr(0, end), document).ok(), lines);
    PITH_CHECK(document.raw_bytes == raw_bytes && document.id.size() == 32, lines);
    PITH_CHECK(document.language_score >= 0 && document.language_score <= 1, lines);
    PITH_CHECK(document.format_score >= 0 && document.format_score <= 1, lines);
    PITH_CHECK(document.reading_level >= 0 && document.reading_level <= 30, lines);
    lines.remove_prefix(end + 1);
  }
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  static Curation curation;
  static DocumentMaker used(curation.options, &curation.sets);
  fuzz::Input input(data, size);
  RawRecord record;
  const char kind = input.letter();
  record.kind = kind == 't'   ? RawKind::kText
                : kind == 'm' ? RawKind::kMarkdown
                : kind == 'j' ? RawKind::kJsonText
                              : RawKind::kHtml;
  record.html = record.kind == RawKind::kHtml;
  // A JSON field is UTF-8 by its source's promise.
  record.bytes = kind == 'j' ? replace_invalid_utf8(input.rest()) : std::string(input.rest());
  MadeBatch batch, again;
  used.add(record, batch);
  check_lines(batch.kept_lines, record.bytes.size());
  check_lines(batch.dropped_lines, record.bytes.size());
  PITH_CHECK(batch.kept_lines.empty() != batch.dropped_lines.empty(), "kept or dropped, not both");
  PITH_CHECK(batch.signatures.size() == (batch.kept_lines.empty() ? 0 : 1), "");
  DocumentMaker(curation.options, &curation.sets).add(record, again);
  PITH_CHECK(again.kept_lines == batch.kept_lines && again.dropped_lines == batch.dropped_lines,
             "a document depends on the one before");
  PITH_CHECK(valid_utf8(used.cleaned_text(record)), "");
  return 0;
}
