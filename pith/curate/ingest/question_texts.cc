#include "pith/curate/ingest/question_texts.h"

#include <algorithm>

namespace pith {
namespace {

void add_strings(const Json& value, std::string& text) {
  if (value.is_string() && !value.as_string().empty()) {
    text += (text.empty() ? "" : "\n") + value.as_string();
  }
  for (const Json& item : value.items()) add_strings(item, text);
  for (const auto& [name, member] : value.members()) add_strings(member, text);
}

bool holds_records(const Json& value) {
  return value.is_array() && !value.items().empty() &&
         std::ranges::all_of(value.items(), [](const Json& item) { return item.is_object(); });
}

// Depth is bounded by parse_json.
void collect(const Json& value, bool top, std::vector<std::string>& texts) {
  if (value.is_array() && (top || holds_records(value))) {
    for (const Json& item : value.items()) collect(item, false, texts);
    return;
  }
  bool found = false;
  if (top) {
    for (const auto& [name, member] : value.members()) {
      if (!holds_records(member)) continue;
      collect(member, false, texts);
      found = true;
    }
  }
  if (found) return;
  std::string text;
  add_strings(value, text);
  if (!text.empty()) texts.push_back(std::move(text));
}

}  // namespace

std::vector<std::string> question_texts(const Json& value) {
  std::vector<std::string> texts;
  collect(value, true, texts);
  return texts;
}

}  // namespace pith
