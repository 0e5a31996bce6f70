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

// What is measured in a page; shares of weight (signs count one, words two).
struct DoorwayFeatures {
  double title_trade = 0;  // of the title, in names of what such pages sell
  double title_call = 0;   // of the title, in calls to do something: 官网, 下载, sign up
  double title_glued =
      0;  // 1: a Latin name with a Chinese call grown to it ("kk8官网"), or a site ("kk8.com")
  double title_repeats = 0;  // of the title's pairs, those that it says twice
  // Of the title's words and pairs of signs, the cues left out, those that the middle of the body
  // does not hold (a promotion stands at its beginning or end).
  double name_unlike = 0;
  // Of the part of the title, from mark to mark, for which it is most: its share of trade times the
  // share of it that the middle of the body does not hold. A copied title often comes before such a
  // part.
  double trade_unlike = 0;
  double inserted_trade = 0;  // of fragments that were cut from the sentences, those with cues
};

// `body` are the tokens of the text without `inserted`, the fragments that were cut out of it.
DoorwayFeatures doorway_features(std::string_view title, std::span<const SpamToken> body,
                                 std::span<const std::string_view> inserted);

// The probability that the page is a doorway, by a logistic model over the features.
double doorway_score(const DoorwayFeatures& features);

}  // namespace pith
