#pragma once

#include <string_view>

#include "pith/curate/select/document_words.h"

// What the tests of selection share.
namespace pith {

inline DocumentWords seen(std::string_view text) {
  DocumentWords document;
  see_document(text, document);
  return document;
}

}  // namespace pith
