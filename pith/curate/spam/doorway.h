#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "pith/curate/spam/spam_cues.h"
#include "pith/curate/spam/spam_tokens.h"

// Doorway pages: the title sells, the body was copied from a page about something else, so that
// each by itself passes for honest. They are known by the two not belonging together.
namespace pith {

// Where the cues of a text stand. Promotions stand at its beginning or end.
struct BodyCues {
  std::size_t middle = 0, edges = 0;  // names of what such pages sell, brands
  std::size_t brands = 0;             // in the middle
  std::size_t others = 0;             // what is sold, in the middle, without a brand
};
BodyCues body_cues(std::size_t tokens, std::span<const CueHit> cues);

// What is measured in a page; of the title's parts, from mark to mark, the one that sells most
// counts. A copied headline often comes before it, and the site's honest name looks much like it.
struct DoorwayFeatures {
  bool brand = false;   // a name under which betting is sold
  bool trade = false;   // names what such pages sell, while the middle of the body does not
  bool call = false;    // a name that the body does not know, with a call: 官网, sign up
  bool glued = false;   // such a name in Latin letters grown to Chinese ("kk8官网"), or a site
  bool suffix = false;  // a short name ends in 体育, 国际, ..., of which the body does not speak
  bool repeats = false;   // several parts sell or call, or the name comes twice
  bool foreign = false;   // nothing of the whole title stands in the middle of the body
  bool spoken = false;    // the body speaks of what the title sells, as an honest one would
  bool edges = false;     // what is sold stands at the edges of the body only
  bool replaced = false;  // a brand stands where the body spoke of something else
  // Marks of pages made by machine: 0; 1: a summary or keywords under labels of their own; 2: the
  // keywords are the title's words as a machine parted them.
  int made = 0;
  double inserted = 0;    // of fragments that were cut from the sentences, those with cues
  bool untitled = false;  // the page has no title, its first line stands for it (spam_cleaner.h)
};

// `text` with its `body` tokens: without `inserted`, the fragments that were cut out of it. `cues`
// are those of the whole text.
DoorwayFeatures doorway_features(std::string_view title, std::string_view text,
                                 std::span<const SpamToken> body,
                                 std::span<const std::string_view> inserted, const BodyCues& cues);

// The probability that the page is a doorway. No single feature makes a doorway of a page: it takes
// a title that sells and a body that says otherwise, and of weaker signs two to four.
double doorway_score(const DoorwayFeatures& features);

}  // namespace pith
