#include "pith/curate/extract/block_model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "pith/curate/extract/oblivious_trees.h"

namespace pith {
namespace {

// The borders that trees ask about, feature by feature, ascending.
struct FeatureBorders {
  std::uint16_t feature;  // column: block features, then context features
  std::uint16_t first, count;
};

#include "pith/curate/extract/block_model.inc"

struct Stage {
  std::span<const FeatureBorders> questions;
  std::span<const float> borders;
  std::span<const ObliviousTree> trees;
  float bias;
};
constexpr Stage kStages[] = {{kQuestions1, kBorders1, kTrees1, kBias1},
                             {kQuestions2, kBorders2, kTrees2, kBias2}};

// Bounds of the bound, in 256ths.
constexpr int kLowestBound = 38;
constexpr int kHighestBound = 154;
constexpr int kDoubtful = 26;  // 0.1

// On a page that surely has so many words of main text, what is only likely is what stands beside
// an article: teasers, comments.
constexpr int kSure = 238;  // 0.93
constexpr double kSureWords = 200;
constexpr int kBesideSure = 179;  // 0.70

float logistic(float log_odds) { return 1.0f / (1.0f + std::exp(-log_odds)); }

}  // namespace

void sum_block_trees(std::size_t stage_number, std::span<const std::span<const float>> columns,
                     BlockTreeScratch& scratch, std::span<float> log_odds) {
  const Stage& stage = kStages[stage_number];
  const std::size_t stride = (log_odds.size() + kTreeRows - 1) / kTreeRows * kTreeRows;
  scratch.ranks.assign(stage.questions.size() * stride, 0);
  scratch.sums.resize(log_odds.size());
  for (std::size_t q = 0; q < stage.questions.size(); ++q) {
    const FeatureBorders& question = stage.questions[q];
    rank_values(columns[question.feature], stage.borders.subspan(question.first, question.count),
                scratch.ranks.data() + q * stride);
  }
  sum_trees(stage.trees, scratch.ranks.data(), stride, scratch.sums);
  for (std::size_t b = 0; b < log_odds.size(); ++b) {
    log_odds[b] = stage.bias + static_cast<float>(scratch.sums[b]) / kLeafScale;
  }
}

float sum_block_trees_ref(std::size_t stage_number, std::span<const float> row) {
  const Stage& stage = kStages[stage_number];
  std::int32_t sum = 0;
  for (const ObliviousTree& tree : stage.trees) {
    std::size_t leaf = 0;
    for (std::size_t level = 0; level < kTreeDepth; ++level) {
      const FeatureBorders& question = stage.questions[tree.question[level]];
      if (tree.border[level] >= question.count) continue;  // a shallower tree: never yes
      const float border = stage.borders[question.first + tree.border[level]];
      if (row[question.feature] > border) leaf |= std::size_t{1} << level;
    }
    sum += tree.leaf[leaf];
  }
  return stage.bias + static_cast<float>(sum) / kLeafScale;
}

std::span<const float> BlockModel::probabilities(const BlockMeasurer& measurer,
                                                 const TextBlocks& blocks) {
  count_ = blocks.blocks.size();
  probability_.assign(count_, 0.0f);
  if (count_ == 0) return probability_;
  columns_.clear();
  for (std::size_t f = 0; f < kBlockFeatureCount; ++f) columns_.push_back(measurer.column(f));
  sum_block_trees(0, columns_, scratch_, probability_);
  for (float& p : probability_) p = logistic(p);

  measure_context(measurer, blocks);
  for (std::size_t f = 0; f < kContextFeatureCount; ++f) {
    columns_.push_back(context(static_cast<ContextFeature>(f)));
  }
  second_.resize(count_);
  sum_block_trees(1, columns_, scratch_, second_);
  for (std::size_t b = 0; b < count_; ++b) {
    probability_[b] = 0.5f * (probability_[b] + logistic(second_[b]));
  }
  return probability_;
}

// Means are weighted by words, one more for each block so that short ones count.
void BlockModel::measure_context(const BlockMeasurer& measurer, const TextBlocks& blocks) {
  using F = ContextFeature;
  const std::size_t n = count_;
  context_.assign(kContextFeatureCount * n, 0.0f);
  weight_before_.assign(n + 1, 0.0);
  mass_before_.assign(n + 1, 0.0);
  element_mass_.assign(measurer.nodes(), {});
  for (std::size_t b = 0; b < n; ++b) {
    const double weight = 1.0 + static_cast<double>(blocks.blocks[b].stats.words);
    const double mass = weight * static_cast<double>(probability_[b]);
    weight_before_[b + 1] = weight_before_[b] + weight;
    mass_before_[b + 1] = mass_before_[b] + mass;
    Mass& own = element_mass_[blocks.blocks[b].node];
    own.weight += weight;
    own.mass += mass;
  }
  for (std::size_t node = element_mass_.size(); node-- > 1;) {
    Mass& above = element_mass_[measurer.block_parent(static_cast<std::uint32_t>(node))];
    above.weight += element_mass_[node].weight;
    above.mass += element_mass_[node].mass;
  }
  const auto mean = [&](std::size_t begin, std::size_t end) {
    return static_cast<float>((mass_before_[end] - mass_before_[begin]) /
                              (weight_before_[end] - weight_before_[begin]));
  };
  const auto mean_in = [&](std::uint32_t node) {
    const Mass& sums = element_mass_[node];
    return sums.weight > 0 ? static_cast<float>(sums.mass / sums.weight) : 0.0f;
  };

  alike_.resize(n);
  for (std::uint32_t b = 0; b < n; ++b) alike_[b] = {measurer.likeness(b), b};
  std::sort(alike_.begin(), alike_.end());
  for (std::size_t begin = 0, end; begin < n; begin = end) {
    double weight = 0, mass = 0;
    for (end = begin; end < n && alike_[end].first == alike_[begin].first; ++end) {
      const std::uint32_t b = alike_[end].second;
      weight += weight_before_[b + 1] - weight_before_[b];
      mass += mass_before_[b + 1] - mass_before_[b];
    }
    for (std::size_t i = begin; i < end; ++i) {
      context(F::kAlike)[alike_[i].second] = static_cast<float>(mass / weight);
    }
  }

  const double page_mass = std::max(mass_before_[n], 1e-9);
  const float page_mean = mean(0, n);
  for (std::size_t b = 0; b < n; ++b) {
    context(F::kOwn)[b] = probability_[b];
    if (b >= 1) context(F::kPrevious1)[b] = probability_[b - 1];
    if (b >= 2) context(F::kPrevious2)[b] = probability_[b - 2];
    if (b >= 3) context(F::kPrevious3)[b] = probability_[b - 3];
    if (b + 1 < n) context(F::kNext1)[b] = probability_[b + 1];
    if (b + 2 < n) context(F::kNext2)[b] = probability_[b + 2];
    if (b + 3 < n) context(F::kNext3)[b] = probability_[b + 3];
    const auto window = [&](std::size_t reach) {
      return mean(b > reach ? b - reach : 0, std::min(n, b + reach + 1));
    };
    context(F::kWindow3)[b] = window(3);
    context(F::kWindow8)[b] = window(8);
    context(F::kWindow20)[b] = window(20);
    context(F::kAround1)[b] = mean_in(measurer.around(b, 1));
    context(F::kAround2)[b] = mean_in(measurer.around(b, 2));
    context(F::kAround3)[b] = mean_in(measurer.around(b, 3));
    context(F::kAround4)[b] = mean_in(measurer.around(b, 4));
    context(F::kAround5)[b] = mean_in(measurer.around(b, 5));
    context(F::kAround7)[b] = mean_in(measurer.around(b, 7));
    context(F::kAround9)[b] = mean_in(measurer.around(b, 9));
    context(F::kPage)[b] = page_mean;
    context(F::kShareBefore)[b] = static_cast<float>(mass_before_[b] / page_mass);
    context(F::kShareAfter)[b] = static_cast<float>(1.0 - mass_before_[b + 1] / page_mass);
  }
  for (std::size_t begin = 0, end; begin < n; begin = end) {
    end = begin + 1;
    while (end < n && blocks.blocks[end].heading == 0) ++end;
    const float section = mean(begin, end);
    const float heading = blocks.blocks[begin].heading != 0 ? probability_[begin] : 0.0f;
    for (std::size_t b = begin; b < end; ++b) {
      context(F::kSection)[b] = section;
      context(F::kLastHeading)[b] = heading;
    }
  }
}

void choose_blocks(std::span<const float> probability, const TextBlocks& blocks,
                   std::vector<std::uint8_t>& keep) {
  constexpr int kSteps = 256;
  const auto step = [](float p) {
    return std::clamp(static_cast<int>(p * static_cast<float>(kSteps)), 0, kSteps - 1);
  };
  std::array<double, kSteps> words{}, expected{};
  double all_expected = 0;
  for (std::size_t b = 0; b < probability.size(); ++b) {
    const double block_words = static_cast<double>(blocks.blocks[b].stats.words);
    const double block_expected = block_words * static_cast<double>(probability[b]);
    words[static_cast<std::size_t>(step(probability[b]))] += block_words;
    expected[static_cast<std::size_t>(step(probability[b]))] += block_expected;
    all_expected += block_expected;
  }
  int bound = kSteps - 1;
  double best = -1, kept_words = 0, kept_expected = 0;
  for (int s = kSteps; s-- > 0;) {
    kept_words += words[static_cast<std::size_t>(s)];
    kept_expected += expected[static_cast<std::size_t>(s)];
    const double f1 = 2 * kept_expected / std::max(kept_words + all_expected, 1e-9);
    if (f1 >= best) {
      best = f1;
      bound = s;
    }
  }
  bound = std::clamp(bound, kLowestBound, kHighestBound);
  double sure_words = 0;
  for (int s = kSure; s < kSteps; ++s) sure_words += words[static_cast<std::size_t>(s)];
  if (sure_words >= kSureWords) bound = std::max(bound, kBesideSure);
  // Where nothing is likely, the likeliest is better than no text.
  const int likeliest = probability.empty() ? 0 : step(*std::ranges::max_element(probability));
  if (likeliest >= kDoubtful) bound = std::min(bound, likeliest);
  keep.resize(probability.size());
  for (std::size_t b = 0; b < probability.size(); ++b) keep[b] = step(probability[b]) >= bound;
}

}  // namespace pith
