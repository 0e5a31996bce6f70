#include "pith/curate/decontaminate/overlap_index.h"

#include <algorithm>
#include <bit>

#include "pith/base/check.h"
#include "pith/base/hash.h"
#include "pith/curate/decontaminate/overlap_tokens.h"

namespace pith {
namespace {

constexpr std::uint64_t kFactor = 0x9fb21c651e98df25ull;  // odd, so that it can be taken out again

}  // namespace

// Rolling: the sum of token * factor^(size - 1 - i), mixed.
template <class OnGram>
void OverlapIndex::for_each_gram(const std::vector<std::uint64_t>& tokens, std::size_t size,
                                 OnGram on_gram) {
  if (size == 0 || tokens.size() < size) return;
  std::uint64_t highest = 1, sum = 0;
  for (std::size_t i = 1; i < size; ++i) highest *= kFactor;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i >= size) sum -= tokens[i - size] * highest;
    sum = sum * kFactor + tokens[i];
    if (i + 1 >= size) on_gram(i + 1 - size, mix64(sum ^ size));
  }
}

bool OverlapIndex::add(std::string_view text) {
  std::vector<std::uint64_t> tokens;
  const bool signs = overlap_tokens(text, tokens);
  const std::size_t least = signs ? options_.signs : options_.least_words;
  if (tokens.size() < least) return false;
  const std::size_t size = signs ? options_.signs : std::min(options_.words, tokens.size());
  if (std::find(sizes_.begin(), sizes_.end(), size) == sizes_.end()) sizes_.push_back(size);
  const auto item = static_cast<std::uint32_t>(items_.size());
  std::vector<Gram> grams;
  for_each_gram(tokens, size, [&](std::size_t, std::uint64_t hash) {
    grams.push_back({hash, item});
  });
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end(),
                          [](const Gram& a, const Gram& b) { return a.hash == b.hash; }),
              grams.end());
  items_.push_back(
      {static_cast<std::uint32_t>(tokens.size()), static_cast<std::uint32_t>(grams.size())});
  grams_.insert(grams_.end(), grams.begin(), grams.end());
  filter_.clear();
  return true;
}

void OverlapIndex::build() {
  std::sort(grams_.begin(), grams_.end());
  // Sixteen bits a gram: one in sixteen foreign grams passes, at most.
  filter_.assign(std::bit_ceil(grams_.size() / 4 + 1), 0);
  const std::uint64_t mask = filter_.size() * 64 - 1;
  for (const Gram& gram : grams_) filter_[(gram.hash & mask) / 64] |= 1ull << (gram.hash % 64);
}

std::vector<OverlapMatch> OverlapIndex::find(std::string_view text, Scratch& scratch) const {
  std::vector<OverlapMatch> matches;
  if (items_.empty()) return matches;
  PITH_CHECK(!filter_.empty(), "build() was called after the last add()");
  overlap_tokens(text, scratch.tokens);
  scratch.hits.clear();
  const std::uint64_t mask = filter_.size() * 64 - 1;
  for (const std::size_t size : sizes_) {
    for_each_gram(scratch.tokens, size, [&](std::size_t position, std::uint64_t hash) {
      if ((filter_[(hash & mask) / 64] >> (hash % 64) & 1) == 0) return;
      for (auto gram = std::lower_bound(grams_.begin(), grams_.end(), Gram{hash, 0});
           gram != grams_.end() && gram->hash == hash; ++gram) {
        scratch.hits.push_back({gram->item, static_cast<std::uint32_t>(position)});
      }
    });
  }
  std::sort(scratch.hits.begin(), scratch.hits.end());
  for (std::size_t begin = 0; begin < scratch.hits.size();) {
    const std::uint32_t number = scratch.hits[begin].item;
    const Item& item = items_[number];
    const std::uint32_t stretch = item.tokens + item.tokens / 2;
    OverlapMatch best{.item = number};
    std::size_t end = begin, from = begin, most = 0;
    for (; end < scratch.hits.size() && scratch.hits[end].item == number; ++end) {
      while (scratch.hits[end].position - scratch.hits[from].position > stretch) ++from;
      if (end + 1 - from > most) {
        most = end + 1 - from;
        best.token = scratch.hits[from].position;
      }
    }
    best.share = std::min(1.0, static_cast<double>(most) / item.grams);
    const bool enough = most >= std::min<std::size_t>(options_.least_grams, item.grams);
    if (enough && best.share >= options_.share) matches.push_back(best);
    begin = end;
  }
  return matches;
}

}  // namespace pith
