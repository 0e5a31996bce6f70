#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "pith/formats/documents.h"

// The columns of a document, written down once: the members of a JSON line and the columns of a
// Parquet file are these, under these names and in this order. docs/formats/documents.md has their
// meaning.
namespace pith {

// When a document has a value for a column; otherwise JSON leaves it out and Parquet holds null. A
// number that is not finite is no value.
enum class ColumnPresence : std::uint8_t {
  kAlways,
  kUnlessEmpty,   // not "" and not 0
  kWithLanguage,  // when there is a language
  kWhenDropped,   // when there is a dropped_by
  kOfDuplicates,  // of dropped documents only, and there unless empty
};

struct DocumentColumn {
  std::string_view name;
  std::variant<std::string Document::*, double Document::*, std::uint32_t Document::*,
               std::uint64_t Document::*>
      member;
  ColumnPresence presence = ColumnPresence::kUnlessEmpty;
  bool few_values = false;  // many documents share one: Parquet keeps each once
};

std::span<const DocumentColumn> document_columns();

// Whether kept documents never have a value for it.
bool only_when_dropped(const DocumentColumn& column);

bool has_value(const Document& document, const DocumentColumn& column);

}  // namespace pith
