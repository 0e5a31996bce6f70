#include "pith/formats/document_texts.h"

#include "pith/formats/documents.h"

namespace pith {

Status for_each_text(const DocumentTexts& documents, std::string_view stage, const Context& context,
                     const OnText& on_text) {
  PITH_ASSIGN(DocumentReader reader,
              DocumentReader::open(documents.path, {.text_field = documents.text_field}));
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
