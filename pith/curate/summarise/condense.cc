#include "pith/curate/summarise/condense.h"

#include <vector>

#include "pith/curate/summarise/extractive_summary.h"
#include "pith/curate/summarise/term_cover.h"

namespace pith {
namespace {

// Ends behind each blank line that follows a paragraph of sentences, and at the end.
std::vector<std::string_view> split_parts(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0, at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find("\n\n", at), text.size());
    const std::string_view paragraph = text.substr(at, end - at);
    at = std::min(text.find_first_not_of('\n', end), text.size());
    if (!ends_like_a_sentence(paragraph) && at < text.size()) continue;
    parts.push_back(text.substr(begin, at - begin));
    begin = at;
  }
  return parts;
}

}  // namespace

std::string_view condense(std::string_view text, const CondenseOptions& options,
                          std::string& buffer) {
  if (!options.enabled || text.size() < options.min_bytes) return text;
  const std::vector<std::string_view> parts = split_parts(text);
  if (parts.size() < 2) return text;
  TermCover cover(parts, {.single = 1});
  std::vector<bool> taken(parts.size());
  cover.take(0);
  taken[0] = true;
  while (cover.covered() < options.coverage) {
    const auto part = cover.next();
    if (!part) break;
    cover.take(*part);
    taken[*part] = true;
  }
  buffer.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (taken[i]) buffer += parts[i];
  }
  while (buffer.ends_with('\n')) buffer.pop_back();
  return buffer;
}

}  // namespace pith
