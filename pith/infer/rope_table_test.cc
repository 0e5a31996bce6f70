#include "pith/infer/rope_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace pith {
namespace {

TEST(RopeTableTest, TurnsPairsByPositionTimesFrequency) {
  RopeTable table(6, 10000);
  table.reserve(3);
  table.reserve(200);  // what is there stays
  {
    std::vector<float> halves = {1, 2, 3, 4, 5, 6}, pairs = {1, 4, 2, 5, 3, 6};
    table.rotate(199, halves.data());
    table.rotate_pairs(199, pairs.data());
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(pairs[i], halves[i % 2 * 3 + i / 2]);
  }
  RopeTable back(6, 10000, /*turn_back=*/true);
  back.reserve(200);
  for (const std::size_t position : {0, 1, 2, 64, 199}) {
    std::vector<float> head = {1, 2, 3, 4, 5, 6};
    table.rotate(position, head.data());
    auto turned_back = head;
    back.rotate(position, turned_back.data());
    for (std::size_t i = 0; i < 6; ++i)
      EXPECT_NEAR(turned_back[i], static_cast<double>(i) + 1, 1e-5);
    for (std::size_t i = 0; i < 3; ++i) {
      const double angle =
          static_cast<double>(position) * std::pow(10000.0, -static_cast<double>(i) / 3.0);
      const double a = static_cast<double>(i) + 1, b = a + 3;
      EXPECT_NEAR(head[i], a * std::cos(angle) - b * std::sin(angle), 2e-4);
      EXPECT_NEAR(head[i + 3], b * std::cos(angle) + a * std::sin(angle), 2e-4);
    }
  }
}

}  // namespace
}  // namespace pith
