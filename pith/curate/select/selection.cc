#include "pith/curate/select/selection.h"

#include <algorithm>
#include <cmath>

#include "pith/base/check.h"
#include "pith/base/hash.h"

namespace pith {
namespace {

constexpr std::uint64_t kNoiseSalt = 0x5e1ec7ull;  // keys also choose samples, by least key

// A draw of Gumbel's distribution that follows from the document's key.
double gumbel(std::uint64_t key) {
  const double uniform = (static_cast<double>(mix64(key ^ kNoiseSalt) >> 11) + 0.5) * 0x1.0p-53;
  return -std::log(-std::log(uniform));
}

struct Candidate {
  std::uint32_t document;
  bool below;    // min_score
  double place;  // in the order: lower comes first
};

}  // namespace

Selection select_documents(const SelectionInput& input, const SelectionRule& rule) {
  PITH_CHECK(input.shares.empty() || input.strata.size() == input.excluded.size(),
             "every document has a stratum");
  std::vector<Candidate> order;
  for (std::uint32_t i = 0; i < input.excluded.size(); ++i) {
    if (input.excluded[i] != 0) continue;
    const auto score = static_cast<double>(input.scores[i]);
    const double noise = rule.noise > 0 ? rule.noise * gumbel(input.keys[i]) : 0.0;
    order.push_back({i, score < rule.min_score, -(score + noise)});
  }
  const auto comes_first = [&](const Candidate& a, const Candidate& b) {
    if (a.below != b.below) return b.below;
    if (a.place != b.place) return a.place < b.place;
    const std::uint64_t key_a = input.keys[a.document], key_b = input.keys[b.document];
    return key_a != key_b ? key_a < key_b : a.document < b.document;
  };
  std::sort(order.begin(), order.end(), comes_first);
  if (!input.shares.empty()) {
    // A document's turn comes when its stratum would have so many bytes with it.
    std::vector<double> bytes(input.shares.size(), 0.0);
    for (Candidate& candidate : order) {
      const std::uint32_t stratum = input.strata[candidate.document];
      bytes[stratum] += static_cast<double>(input.text_bytes[candidate.document]);
      candidate.place = bytes[stratum] / input.shares[stratum];
    }
    std::sort(order.begin(), order.end(), comes_first);
  }
  Selection selection;
  selection.kept.assign(input.excluded.size(), 0);
  // Where none is kept, what would have been needed.
  const double nothing = std::numeric_limits<double>::infinity();
  selection.thresholds.assign(std::max<std::size_t>(1, input.shares.size()), nothing);
  for (const Candidate& candidate : order) {
    const std::uint32_t i = candidate.document;
    const std::uint64_t bytes = input.text_bytes[i];
    if (rule.keep_bytes != 0 && bytes > rule.keep_bytes) continue;
    if (rule.keep_bytes != 0 && selection.bytes + bytes > rule.keep_bytes) break;
    if (candidate.below && selection.bytes >= rule.floor_bytes) break;
    const auto score = static_cast<double>(input.scores[i]);
    selection.kept[i] = 1;
    selection.bytes += bytes;
    double& threshold = selection.thresholds[input.shares.empty() ? 0 : input.strata[i]];
    threshold = std::min(threshold, score);
  }
  selection.threshold = *std::ranges::min_element(selection.thresholds);
  if (selection.threshold == nothing) selection.threshold = rule.min_score;
  return selection;
}

}  // namespace pith
