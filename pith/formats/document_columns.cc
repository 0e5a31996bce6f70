#include "pith/formats/document_columns.h"

#include <cmath>

namespace pith {
namespace {

constexpr bool kFewValues = true;

constexpr DocumentColumn kColumns[] = {
    {"text", &Document::text, ColumnPresence::kAlways},
    {"id", &Document::id},
    {"url", &Document::url},
    {"date", &Document::date, ColumnPresence::kUnlessEmpty, kFewValues},
    {"language", &Document::language, ColumnPresence::kUnlessEmpty, kFewValues},
    {"language_score", &Document::language_score, ColumnPresence::kWithLanguage},
    {"file_path", &Document::file_path, ColumnPresence::kUnlessEmpty, kFewValues},
    {"offset", &Document::offset},
    {"title", &Document::title},
    {"full_title", &Document::full_title},
    {"author", &Document::author, ColumnPresence::kUnlessEmpty, kFewValues},
    {"site", &Document::site, ColumnPresence::kUnlessEmpty, kFewValues},
    {"license", &Document::license, ColumnPresence::kUnlessEmpty, kFewValues},
    {"languages", &Document::languages, ColumnPresence::kUnlessEmpty, kFewValues},
    {"format", &Document::format, ColumnPresence::kUnlessEmpty, kFewValues},
    {"format_score", &Document::format_score},
    {"reading_level", &Document::reading_level},
    {"reading_level_score", &Document::reading_level_score},
    {"class", &Document::class_name, ColumnPresence::kUnlessEmpty, kFewValues},
    {"class_score", &Document::class_score},
    {"quality", &Document::quality},
    {"topic", &Document::topic, ColumnPresence::kUnlessEmpty, kFewValues},
    {"topic_score", &Document::topic_score},
    {"summary", &Document::summary},
    {"cluster_size", &Document::cluster_size, ColumnPresence::kAlways, kFewValues},
    {"masked", &Document::masked, ColumnPresence::kUnlessEmpty, kFewValues},
    {"repeated_bytes", &Document::repeated_bytes},
    {"raw_bytes", &Document::raw_bytes},
    {"dropped_by", &Document::dropped_by, ColumnPresence::kWhenDropped, kFewValues},
    {"dropped_value", &Document::dropped_value, ColumnPresence::kWhenDropped},
    {"dropped_threshold", &Document::dropped_threshold, ColumnPresence::kWhenDropped},
    {"duplicate_of", &Document::duplicate_of, ColumnPresence::kOfDuplicates},
};

bool is_empty(const std::string& value) { return value.empty(); }
template <class Number>
bool is_empty(Number value) {
  return value == 0;
}

bool is_finite(const std::string&) { return true; }
template <class Number>
bool is_finite(Number value) {
  return std::isfinite(static_cast<double>(value));
}

}  // namespace

std::span<const DocumentColumn> document_columns() { return kColumns; }

bool only_when_dropped(const DocumentColumn& column) {
  return column.presence == ColumnPresence::kWhenDropped ||
         column.presence == ColumnPresence::kOfDuplicates;
}

bool has_value(const Document& document, const DocumentColumn& column) {
  return std::visit(
      [&](auto member) {
        const auto& value = document.*member;
        if (!is_finite(value)) return false;
        switch (column.presence) {
          case ColumnPresence::kAlways:
            return true;
          case ColumnPresence::kUnlessEmpty:
          case ColumnPresence::kOfDuplicates:
            return !is_empty(value);
          case ColumnPresence::kWithLanguage:
            return !document.language.empty();
          case ColumnPresence::kWhenDropped:
            return !document.dropped_by.empty();
        }
        return false;
      },
      column.member);
}

}  // namespace pith
