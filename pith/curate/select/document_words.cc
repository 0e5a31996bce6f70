#include "pith/curate/select/target_features.h"

#include <algorithm>
#include <string>

#include "pith/base/hash.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

// What stands before the next word: 0 for the beginning of the text.
struct Context2 {
  std::uint64_t last = 0, before_last = 0;
  bool last_ideograph = false, before_last_ideograph = false;
};

std::uint32_t feature(std::uint64_t hash) {
  return static_cast<std::uint32_t>(mix64(hash) >> 32) % kTargetFeatures;
}

// Bytes at the front of `text` that hold about kTargetWords words and then some, cut between code
// points: a long book costs no more than a page.
std::string_view front_of(std::string_view text) {
  constexpr std::size_t kEnough = kTargetWords * 24;
  if (text.size() <= kEnough) return text;
  return text.substr(0, kEnough - incomplete_utf8_suffix(text.substr(0, kEnough)));
}

}  // namespace

void target_features(std::string_view text, std::vector<std::uint32_t>& out) {
  constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15ull;
  out.clear();
  Context2 context;
  std::size_t words = 0;
  std::string lowered;
  for_each_word(front_of(text), [&](std::string_view word) {
    if (words++ >= kTargetWords) return;
    lowered.assign(word);
    for (char& c : lowered) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    const std::uint64_t hash = hash64(lowered);
    const bool ideograph = is_ideograph(decode_point(word).code_point);
    const std::uint64_t pair = mix64(context.last) * kSpread + hash;
    if (!ideograph) {
      out.push_back(feature(hash));
      if (context.last != 0) out.push_back(feature(pair));
    } else if (context.last_ideograph) {
      out.push_back(feature(pair));
      if (context.before_last_ideograph) {
        out.push_back(feature(mix64(pair) * kSpread + context.before_last));
      }
    }
    context = {hash, context.last, ideograph, context.last_ideograph};
  });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

}  // namespace pith
