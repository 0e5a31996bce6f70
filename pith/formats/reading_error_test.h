#pragma once

#include <string>

#include "pith/formats/documents.h"

// For tests of reading documents.
namespace pith {

// What goes wrong with `path`, opened or read to its end; "" when nothing does.
inline std::string error_of_reading(const std::string& path) {
  auto reader = DocumentReader::open(path);
  if (!reader) return reader.error().message;
  Document document;
  while (true) {
    auto more = reader->next(document);
    if (!more) return more.error().message;
    if (!*more) return "";
  }
}

}  // namespace pith
