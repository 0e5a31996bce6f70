#include "pith/curate/decontaminate/overlap_index.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

#include "pith/base/check.h"
#include "pith/base/hash.h"
#include "pith/curate/decontaminate/overlap_tokens.h"

namespace pith {
namespace {

constexpr std::uint64_t kFactor = 0x9fb21c651e98df25ull;  // odd, so that it can be taken out again

// Calls on_gram(position, hash) for every run of `size` tokens. The hash is rolling: the sum of
// token * factor^(size - 1 - i), mixed.
template <class OnGram>
void for_each_gram(const std::vector<std::uint64_t>& tokens, std::size_t size, OnGram on_gram) {
  if (size == 0 || tokens.size() < size) return;
  std::uint64_t highest = 1, sum = 0;
  for (std::size_t i = 1; i < size; ++i) highest *= kFactor;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i >= size) sum -= tokens[i - size] * highest;
    sum = sum * kFactor + tokens[i];
    if (i + 1 >= size) on_gram(i + 1 - size, mix64(sum ^ size));
  }
}

}  // namespace

bool OverlapIndex::add(std::string_view text) {
  std::vector<std::uint64_t> tokens;
  const bool signs = overlap_tokens(text, tokens);
  const std::size_t least = signs ? options_.signs : options_.least_words;
  if (tokens.empty() || tokens.size() < least) return false;
  const std::size_t size =
      std::clamp<std::size_t>(signs ? options_.signs : options_.words, 1, tokens.size());
  const auto place = std::find(sizes_.begin(), sizes_.end(), size);
  Item item = {.tokens = static_cast<std::uint32_t>(tokens.size()),
               .grams = 0,
               .size = static_cast<std::uint32_t>(place - sizes_.begin()),
               .first_gram = item_grams_.size()};
  if (place == sizes_.end()) sizes_.push_back(size);
  for_each_gram(tokens, size,
                [&](std::size_t, std::uint64_t hash) { item_grams_.push_back(hash); });
  const auto first = item_grams_.begin() + static_cast<std::ptrdiff_t>(item.first_gram);
  std::sort(first, item_grams_.end());
  item_grams_.erase(std::unique(first, item_grams_.end()), item_grams_.end());
  item.grams = static_cast<std::uint32_t>(item_grams_.size() - item.first_gram);
  items_.push_back(item);
  filter_.clear();
  return true;
}

std::uint32_t OverlapIndex::needed(const Item& item) const {
  const double least_share = options_.share > 0 ? std::min(options_.share, 1.0) : 0.0;
  auto share = static_cast<std::uint32_t>(least_share * item.grams);
  while (static_cast<double>(share) / item.grams < least_share) ++share;
  const auto least =
      static_cast<std::uint32_t>(std::min<std::size_t>(options_.least_grams, item.grams));
  return std::clamp<std::uint32_t>(std::max(share, least), 1, item.grams);
}

void OverlapIndex::build() {
  // How many items have each gram.
  std::vector<std::uint64_t> all = item_grams_;
  std::sort(all.begin(), all.end());
  const auto frequency = [&](std::uint64_t hash) {
    const auto [begin, end] = std::equal_range(all.begin(), all.end(), hash);
    return end - begin;
  };
  index_.clear();
  std::vector<std::pair<std::ptrdiff_t, std::uint64_t>> rarest;
  for (std::uint32_t number = 0; number < items_.size(); ++number) {
    const Item& item = items_[number];
    rarest.clear();
    for (const std::uint64_t hash : grams_of(item)) rarest.emplace_back(frequency(hash), hash);
    std::sort(rarest.begin(), rarest.end());
    rarest.resize(item.grams - needed(item) + 1);
    for (const auto& [count, hash] : rarest) index_.push_back({hash, number});
  }
  std::sort(index_.begin(), index_.end());
  std::size_t alike = 0;
  std::uint64_t last = 0;
  std::erase_if(index_, [&](const Gram& gram) {
    alike = gram.hash == last ? alike + 1 : 0;
    last = gram.hash;
    return alike >= kMostAlike;
  });
  // Sixteen bits a gram: one in sixteen foreign grams passes, at most.
  filter_.assign(std::bit_ceil(index_.size() / 4 + 1), 0);
  const std::uint64_t mask = filter_.size() * 64 - 1;
  for (const Gram& gram : index_) filter_[(gram.hash & mask) / 64] |= 1ull << (gram.hash % 64);
}

void OverlapIndex::find_places(Scratch& scratch) const {
  scratch.grams.resize(sizes_.size());
  scratch.last_place.resize(items_.size());
  scratch.places.clear();
  const std::uint64_t mask = filter_.size() * 64 - 1;
  for (std::size_t size = 0; size < sizes_.size(); ++size) {
    std::vector<std::uint64_t>& grams = scratch.grams[size];
    grams.clear();
    for_each_gram(scratch.tokens, sizes_[size], [&](std::size_t position, std::uint64_t hash) {
      grams.push_back(hash);
      if ((filter_[(hash & mask) / 64] >> (hash % 64) & 1) == 0) return;
      const auto here = static_cast<std::uint32_t>(position);
      for (auto gram = std::lower_bound(index_.begin(), index_.end(), Gram{hash, 0});
           gram != index_.end() && gram->hash == hash; ++gram) {
        const std::uint32_t stretch = items_[gram->item].stretch();
        const Place place = {gram->item, here - std::min(here, stretch), here + stretch + 1};
        std::uint32_t& last = scratch.last_place[gram->item];
        if (last > 0 && scratch.places[last - 1].end >= place.begin) {
          scratch.places[last - 1].end = place.end;
        } else {
          scratch.places.push_back(place);
          last = static_cast<std::uint32_t>(scratch.places.size());
        }
      }
    });
  }
  for (const Place& place : scratch.places) scratch.last_place[place.item] = 0;
  std::sort(scratch.places.begin(), scratch.places.end());
}

void OverlapIndex::best_stretch(const Item& item, std::uint32_t begin, std::uint32_t end,
                                Scratch& scratch, std::uint32_t& most, std::size_t& token) const {
  const std::vector<std::uint64_t>& grams = scratch.grams[item.size];
  const std::span<const std::uint64_t> wanted = grams_of(item);
  end = std::min(end, static_cast<std::uint32_t>(grams.size()));
  scratch.hits.clear();
  for (std::uint32_t position = begin; position < end; ++position) {
    const auto found = std::lower_bound(wanted.begin(), wanted.end(), grams[position]);
    if (found == wanted.end() || *found != grams[position]) continue;
    scratch.hits.push_back({position, static_cast<std::uint32_t>(found - wanted.begin())});
  }
  scratch.counts.assign(item.grams, 0);
  std::uint32_t held = 0;  // different grams in the stretch
  std::size_t from = 0;
  for (const Hit& hit : scratch.hits) {
    held += scratch.counts[hit.gram]++ == 0;
    for (; hit.position - scratch.hits[from].position > item.stretch(); ++from) {
      held -= --scratch.counts[scratch.hits[from].gram] == 0;
    }
    if (held > most) {
      most = held;
      token = scratch.hits[from].position;
    }
  }
}

std::vector<OverlapMatch> OverlapIndex::find(std::string_view text, Scratch& scratch) const {
  std::vector<OverlapMatch> matches;
  if (items_.empty()) return matches;
  PITH_CHECK(!filter_.empty(), "build() was called after the last add()");
  overlap_tokens(text, scratch.tokens);
  find_places(scratch);
  for (std::size_t place = 0; place < scratch.places.size();) {
    const std::uint32_t number = scratch.places[place].item;
    const Item& item = items_[number];
    OverlapMatch match{.item = number};
    std::uint32_t most = 0;
    for (; place < scratch.places.size() && scratch.places[place].item == number; ++place) {
      best_stretch(item, scratch.places[place].begin, scratch.places[place].end, scratch, most,
                   match.token);
    }
    if (most < needed(item)) continue;
    match.share = static_cast<double>(most) / item.grams;
    matches.push_back(match);
  }
  return matches;
}

std::vector<OverlapMatch> OverlapIndex::find_ref(std::string_view text) const {
  std::vector<OverlapMatch> matches;
  Scratch scratch;
  overlap_tokens(text, scratch.tokens);
  for (const std::size_t size : sizes_) {
    std::vector<std::uint64_t>& grams = scratch.grams.emplace_back();
    for_each_gram(scratch.tokens, size,
                  [&](std::size_t, std::uint64_t hash) { grams.push_back(hash); });
  }
  for (std::uint32_t number = 0; number < items_.size(); ++number) {
    OverlapMatch match{.item = number};
    std::uint32_t most = 0;
    best_stretch(items_[number], 0, UINT32_MAX, scratch, most, match.token);
    match.share = static_cast<double>(most) / items_[number].grams;
    if (most >= needed(items_[number])) matches.push_back(match);
  }
  return matches;
}

}  // namespace pith
