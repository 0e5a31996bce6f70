#include "pith/curate/extract/oblivious_trees.h"

#include <gmock/gmock.h>

#include <limits>
#include <vector>

#include "pith/base/random.h"

namespace pith {
namespace {

TEST(ObliviousTreesTest, RanksFollowTheReferenceAtEveryLength) {
  Random random(3);
  for (const std::size_t n : {0, 1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000}) {
    for (const std::size_t border_count : {0, 1, 7, 48, 255}) {
      std::vector<float> borders(border_count), values(n);
      for (std::size_t i = 0; i < border_count; ++i) borders[i] = static_cast<float>(i) * 0.25f;
      // Quarters, so that values on a border come up.
      for (float& value : values) value = static_cast<float>(random.below(300)) * 0.25f - 2;
      if (n > 2) values[1] = std::numeric_limits<float>::infinity();
      std::vector<std::uint8_t> fast(n), slow(n);
      rank_values(values, borders, fast.data());
      rank_values_ref(values, borders, slow.data());
      EXPECT_EQ(fast, slow) << n << " values, " << border_count << " borders";
    }
  }
}

TEST(ObliviousTreesTest, SumsFollowTheReferenceAtEveryLength) {
  Random random(5);
  constexpr std::size_t kQuestions = 9;
  std::vector<ObliviousTree> trees(37);
  for (ObliviousTree& tree : trees) {
    for (auto& q : tree.question) q = static_cast<std::uint8_t>(random.below(kQuestions));
    for (auto& b : tree.border) b = static_cast<std::uint8_t>(random.below(256));
    for (auto& leaf : tree.leaf) leaf = static_cast<std::int16_t>(random.below(65536));
  }
  for (const std::size_t n : {0, 1, 2, 63, 64, 65, 127, 128, 129, 500}) {
    const std::size_t stride = (n + kTreeRows - 1) / kTreeRows * kTreeRows;
    std::vector<std::uint8_t> ranks(kQuestions * stride);
    for (auto& rank : ranks) rank = static_cast<std::uint8_t>(random.below(256));
    std::vector<std::int32_t> fast(n), slow(n);
    sum_trees(trees, ranks.data(), stride, fast);
    sum_trees_ref(trees, ranks.data(), stride, slow);
    EXPECT_EQ(fast, slow) << n << " rows";
  }
}

}  // namespace
}  // namespace pith
