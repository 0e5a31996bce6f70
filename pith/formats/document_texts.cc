#include "pith/formats/document_texts.h"

#include <algorithm>
#include <cstdint>

#include "pith/formats/documents.h"

namespace pith {
namespace {

// Bytes of memory for a byte of a line: the line, its text, and what is made of it, ids at the
// most.
constexpr std::uint64_t kHeldPerByte = 12;

}  // namespace

Status for_each_text(const DocumentTexts& documents, std::string_view stage, const Context& context,
                     const OnText& on_text) {
  DocumentReader::Options options{.text_field = documents.text_field};
  if (context.memory_bytes > 0) {
    options.max_line_bytes = std::min(options.max_line_bytes, context.memory_bytes / kHeldPerByte);
    options.max_page_bytes = std::min(options.max_page_bytes, context.memory_bytes / 4);
  }
  PITH_ASSIGN(DocumentReader reader, DocumentReader::open(documents.path, options));
  Document document;
  for (std::uint64_t count = 0;; ++count) {
    if (context.stopped()) {
      return Error{ErrorKind::kInterrupted, "[documents] stopped while reading " + documents.path};
    }
    PITH_ASSIGN(const bool more, reader.next(document));
    if (!more) return {};
    if (!document.text.empty()) PITH_TRY(on_text(document.text));
    if (count % 256 == 0) {
      context.progress({.stage = stage,
                        .done = reader.bytes_read(),
                        .total = reader.bytes_total(),
                        .unit = "B",
                        .note = {}});
    }
  }
}

}  // namespace pith
