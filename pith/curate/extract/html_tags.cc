#include "pith/curate/extract/html_tags.h"

#include <array>

namespace pith {
namespace {

constexpr std::array<std::string_view, kHtmlTagCount> kNames = {
#define PITH_HTML_TAG_NAME(id, name, behaviour) name,
    PITH_HTML_TAGS(PITH_HTML_TAG_NAME)
#undef PITH_HTML_TAG_NAME
};

constexpr std::size_t kLongestName = 10;  // blockquote, figcaption
constexpr std::size_t kSlots = 1024;

constexpr std::uint32_t hash_name(const char* name, std::size_t size) {
  std::uint32_t hash = 2166136261u;
  for (std::size_t i = 0; i < size; ++i) {
    hash = (hash ^ (static_cast<unsigned char>(name[i]) | 0x20u)) * 16777619u;
  }
  return hash ^ (hash >> 15);
}

// Open addressing: slot to tag, 0 where empty.
constexpr std::array<std::uint8_t, kSlots> kTable = [] {
  std::array<std::uint8_t, kSlots> table{};
  for (std::size_t tag = 2; tag < kHtmlTagCount; ++tag) {
    std::size_t slot = hash_name(kNames[tag].data(), kNames[tag].size()) % kSlots;
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<std::uint8_t>(tag);
  }
  return table;
}();

}  // namespace

HtmlTag html_tag(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return HtmlTag::kUnknown;
  std::size_t slot = hash_name(name.data(), name.size()) % kSlots;
  for (; kTable[slot] != 0; slot = (slot + 1) % kSlots) {
    const std::string_view known = kNames[kTable[slot]];
    if (known.size() != name.size()) continue;
    std::size_t i = 0;
    while (i < name.size() && (name[i] | 0x20) == (known[i] | 0x20)) ++i;
    if (i == name.size()) return static_cast<HtmlTag>(kTable[slot]);
  }
  return HtmlTag::kUnknown;
}

std::string_view html_tag_name(HtmlTag tag) { return kNames[static_cast<std::size_t>(tag)]; }

}  // namespace pith
