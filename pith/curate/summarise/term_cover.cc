#include "pith/curate/summarise/term_cover.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "pith/curate/terms/terms.h"

namespace pith {

TermCover::TermCover(const std::vector<std::string_view>& parts, const CoverOptions& options)
    : length_power_(options.length_power), parts_(parts.size()) {
  std::vector<std::vector<std::uint64_t>> hashes(parts.size());
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].size() > options.longest) continue;
    distinct_terms(parts[i], hashes[i]);
    all.insert(all.end(), hashes[i].begin(), hashes[i].end());
  }
  std::sort(all.begin(), all.end());
  std::vector<std::uint64_t> distinct;
  for (std::size_t i = 0; i < all.size();) {
    const std::size_t begin = i;
    while (i < all.size() && all[i] == all[begin]) ++i;
    distinct.push_back(all[begin]);
    worth_.push_back(std::log(static_cast<double>(i - begin) + options.single));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const std::uint64_t hash : hashes[i]) {
      const auto place = std::lower_bound(distinct.begin(), distinct.end(), hash);
      parts_[i].push_back(static_cast<std::uint32_t>(place - distinct.begin()));
    }
  }
  if (std::all_of(worth_.begin(), worth_.end(), [](double w) { return w == 0; })) {
    std::fill(worth_.begin(), worth_.end(), 1.0);
  }
  whole_ = std::accumulate(worth_.begin(), worth_.end(), 0.0);
  covered_.resize(worth_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].empty()) queue_.push({gain(i), i});
  }
}

double TermCover::gain(std::size_t part) const {
  double sum = 0;
  for (const std::uint32_t term : parts_[part]) sum += covered_[term] ? 0 : worth_[term];
  return sum / std::pow(static_cast<double>(parts_[part].size()), length_power_);
}

std::optional<std::size_t> TermCover::next() {
  // Lazy: a gain can only have fallen since it was computed (Minoux 1978).
  while (!queue_.empty()) {
    const Candidate best = queue_.top();
    queue_.pop();
    const double now = gain(best.part);
    if (now <= 0) continue;
    if (now < best.gain && !queue_.empty() && Candidate{now, best.part} < queue_.top()) {
      queue_.push({now, best.part});
      continue;
    }
    return best.part;
  }
  return std::nullopt;
}

void TermCover::take(std::size_t part) {
  for (const std::uint32_t term : parts_[part]) {
    if (!covered_[term]) value_ += worth_[term];
    covered_[term] = true;
  }
}

double TermCover::covered() const { return whole_ > 0 ? value_ / whole_ : 1; }

}  // namespace pith
