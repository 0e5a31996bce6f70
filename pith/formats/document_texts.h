#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "pith/base/context.h"
#include "pith/base/result.h"

// The texts of documents, for steps that need nothing else of them.
namespace pith {

// Which documents: what DocumentReader::open takes.
struct DocumentTexts {
  std::string path;
  std::string text_field = "text";  // of foreign JSONL
};

using OnText = std::function<Status(std::string_view text)>;

// Calls on_text for the text of each document that has any, in order, and reports progress as
// `stage`. The view ends with the call. A document is held whole: one whose line takes more than a
// twelfth of context.memory_bytes is an error, or a page of Parquet more than a quarter. Errors:
// what DocumentReader and on_text return; kInterrupted when context says stop.
Status for_each_text(const DocumentTexts& documents, std::string_view stage, const Context& context,
                     const OnText& on_text);

}  // namespace pith
