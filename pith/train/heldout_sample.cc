#include "pith/train/heldout_sample.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "pith/base/hash.h"

namespace pith {

Result<HeldoutSample> HeldoutSample::create(const TokenReader& tokens, std::int64_t vocab) {
  std::vector<std::pair<std::uint64_t, HeldoutPart>> hashed;
  std::vector<int> ids;
  for (std::uint64_t i = 0; i < tokens.documents(); ++i) {
    const std::uint64_t begin = tokens.document_begin(i);
    ids.resize(static_cast<std::size_t>(tokens.document_begin(i + 1) - begin));
    PITH_TRY(tokens.copy(begin, ids, vocab));
    const std::string_view bytes(reinterpret_cast<const char*>(ids.data()),
                                 ids.size() * sizeof(int));
    hashed.push_back({hash64(bytes), {i, ids.size()}});
  }
  std::ranges::stable_sort(hashed, {}, [](const auto& entry) { return entry.first; });
  HeldoutSample sample;
  for (const auto& [hash, document] : hashed) sample.documents_.push_back(document);
  return sample;
}

std::vector<HeldoutPart> HeldoutSample::parts(std::uint64_t most_tokens) const {
  std::uint64_t longest = 0;
  for (const HeldoutPart& document : documents_) longest = std::max(longest, document.tokens);
  for (std::uint64_t limit = std::max<std::uint64_t>(most_tokens / 16, 1);; limit *= 2) {
    std::vector<HeldoutPart> parts;
    std::uint64_t left = most_tokens;
    for (const HeldoutPart& document : documents_) {
      if (left == 0) break;
      parts.push_back({document.document, std::min({document.tokens, limit, left})});
      left -= parts.back().tokens;
    }
    if (left == 0 || limit >= longest) return parts;
  }
}

}  // namespace pith
