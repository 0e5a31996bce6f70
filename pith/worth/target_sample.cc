#include "pith/worth/target_sample.h"

#include <map>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/hash.h"
#include "pith/base/json.h"
#include "pith/formats/document_texts.h"
#include "pith/train/heldout.h"

namespace pith {

std::uint64_t text_key(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
    bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return hash64(bare);
}

Result<TargetSample> sample_target(const std::string& documents, const std::string& text_field,
                                   std::uint64_t most_bytes, const std::string& path,
                                   const Context& context) {
  const DocumentTexts texts{documents, text_field};
  std::map<std::uint64_t, std::uint64_t> sizes;  // by hash; copies are one
  PITH_TRY(for_each_text(texts, "target", context, [&](std::string_view text) -> Status {
    sizes[heldout_hash(text)] = text.size();
    return {};
  }));
  if (sizes.empty()) {
    return input_error("[worth] " + documents + ": holds no document with text to judge models by");
  }
  TargetSample sample;
  sample.path = path;
  std::map<std::uint64_t, std::string> chosen;
  for (const auto& [hash, bytes] : sizes) {
    if (!chosen.empty() && sample.bytes + bytes > most_bytes) continue;
    chosen[hash];
    sample.bytes += bytes;
  }
  PITH_TRY(for_each_text(texts, "target", context, [&](std::string_view text) -> Status {
    const auto place = chosen.find(heldout_hash(text));
    if (place != chosen.end()) place->second = text;
    return {};
  }));
  std::string lines;
  for (const auto& [hash, text] : chosen) {
    lines += "{\"text\":";
    append_json_string(text, lines);
    lines += "}\n";
    sample.texts.insert(text_key(text));
  }
  sample.documents = chosen.size();
  PITH_TRY(write_file(path, lines));
  return sample;
}

}  // namespace pith
