#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pith/formats/tokens.h"

// What an evaluation that may not read all held-out documents reads of them. They lie in the order
// of the input, so that the first ones may all be of one language or one site; a sample is of all.
namespace pith {

// The first `tokens` tokens of a document.
struct HeldoutPart {
  std::uint64_t document = 0, tokens = 0;
  friend bool operator==(const HeldoutPart&, const HeldoutPart&) = default;
};

// The documents of held-out tokens in an order that has nothing to do with where they lie: by the
// hashes of their ids.
class HeldoutSample {
 public:
  // `vocab` as TokenReader::copy takes it. Errors: what it returns.
  static Result<HeldoutSample> create(const TokenReader& tokens, std::int64_t vocab);

  // Parts of `most_tokens` tokens in all, or of all there are. No document gives more than a
  // sixteenth as long as others have something left. The same tokens give the same parts.
  std::vector<HeldoutPart> parts(std::uint64_t most_tokens) const;

 private:
  std::vector<HeldoutPart> documents_;  // whole, by hash
};

}  // namespace pith
