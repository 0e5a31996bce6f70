#include "pith/nn/row_gradients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace pith {
namespace {

using testing::ElementsAre;

TEST(RowGradientsTest, SumsWhatReadersOfARowHad) {
  RowGradients gradients(10, 2);
  const std::array<std::uint32_t, 4> rows = {7, 3, 7, 0};
  const std::array<float, 8> d_out = {1, 2, 3, 4, 10, 20, 5, 6};
  gradients.add(rows, d_out.data());
  EXPECT_THAT(gradients.rows(), ElementsAre(7, 3, 0));
  EXPECT_THAT(gradients.gradient(0), ElementsAre(11, 22));
  EXPECT_THAT(gradients.gradient(1), ElementsAre(3, 4));
}

TEST(RowGradientsTest, PassesOfAStepAddUpAndStepsDoNot) {
  RowGradients gradients(4, 1);
  const std::array<std::uint32_t, 2> first = {1, 2}, second = {2, 3};
  const std::array<float, 2> ones = {1, 1};
  gradients.add(first, ones.data());
  gradients.add(second, ones.data());
  EXPECT_THAT(gradients.rows(), ElementsAre(1, 2, 3));
  EXPECT_THAT(gradients.gradient(1), ElementsAre(2));
  gradients.clear();
  gradients.add(second, ones.data());
  EXPECT_THAT(gradients.rows(), ElementsAre(2, 3));
  EXPECT_THAT(gradients.gradient(0), ElementsAre(1));
}

}  // namespace
}  // namespace pith
