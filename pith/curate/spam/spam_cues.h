#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pith/curate/spam/spam_tokens.h"

// Words that doorway pages and comment spam cannot do without. None of them proves anything by
// itself: a law report speaks of casinos, a bank of accounts; the rules ask where they stand.
namespace pith {

enum class SpamCue : std::uint8_t {
  kTrade,    // what is sold: casino, 博彩, payday loan
  kCall,     // what the reader shall do: 官网, 下载, sign up, promo code
  kContact,  // how: 微信, QQ, WhatsApp, an address of a site
  kComment,  // phrases of comment spam: "great post", 诚信经营
  kBrand,    // names under which betting is sold and that mean nothing else
};

struct CueHit {
  std::size_t token = 0, tokens = 0;  // where it begins, and of how many tokens it is
  SpamCue cue = SpamCue::kTrade;
};

// Appends the cues in the text, ascending and not overlapping. `tokens` are those of `text`. Any
// thread.
void find_cues(std::string_view text, std::span<const SpamToken> tokens, std::vector<CueHit>& hits);

}  // namespace pith
