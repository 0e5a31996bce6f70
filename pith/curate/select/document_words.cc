#include "pith/curate/select/document_words.h"

#include <algorithm>
#include <string>
#include <utility>

#include "pith/base/hash.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

std::uint32_t feature(std::uint64_t hash) {
  return static_cast<std::uint32_t>(mix64(hash) >> 32) % kTargetFeatures;
}

}  // namespace

std::string_view front_of(std::string_view text) {
  constexpr std::size_t kEnough = kTargetWords * 24;  // words of 24 bytes with what is between them
  if (text.size() <= kEnough) return text;
  return text.substr(0, kEnough - incomplete_utf8_suffix(text.substr(0, kEnough)));
}

void see_document(std::string_view text, DocumentWords& out) {
  out.words.clear();
  out.bytes = 0;
  std::string lowered;
  for_each_word(front_of(text), [&](std::string_view word) {
    if (out.words.size() >= kTargetWords) return;
    lowered.assign(word);
    for (char& c : lowered) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    const auto hash = static_cast<std::uint32_t>(hash64(lowered) >> 32);
    const bool ideograph = is_ideograph(decode_point(word).code_point);
    out.words.push_back(ideograph ? hash | DocumentWords::kIdeograph
                                  : hash & ~DocumentWords::kIdeograph);
    out.bytes = static_cast<std::uint32_t>(word.data() + word.size() - text.data());
  });
  target_features(out.words, out.features);
}

void target_features(std::string_view text, std::vector<std::uint32_t>& out) {
  DocumentWords seen;
  see_document(text, seen);
  out = std::move(seen.features);
}

void target_features(const std::vector<std::uint32_t>& words, std::vector<std::uint32_t>& out) {
  constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15ull;
  const auto is_sign = [](std::uint32_t word) { return (word & DocumentWords::kIdeograph) != 0; };
  out.clear();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool sign = is_sign(words[i]);
    const std::uint64_t pair = i == 0 ? 0 : mix64(words[i - 1]) * kSpread + words[i];
    if (!sign) {
      out.push_back(feature(words[i]));
      if (i > 0) out.push_back(feature(pair));
    } else if (i > 0 && is_sign(words[i - 1])) {
      out.push_back(feature(pair));
      if (i > 1 && is_sign(words[i - 2]))
        out.push_back(feature(mix64(pair) * kSpread + words[i - 2]));
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

}  // namespace pith
