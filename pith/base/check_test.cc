#include "pith/base/check.h"

#include <gtest/gtest.h>

#include <string>

namespace pith {
namespace {

TEST(CheckTest, ATrueBeliefCostsNothing) {
  int asked = 0;
  const auto detail = [&] {
    ++asked;
    return std::string_view("never built");
  };
  PITH_CHECK(1 + 1 == 2, detail());
  EXPECT_EQ(asked, 0);
}

TEST(CheckDeathTest, AFalseBeliefStopsTheProgramAndSaysWhatWhereAndWhy) {
  const std::string name = "bands";
  EXPECT_DEATH(PITH_CHECK(1 > 2, name + " are 3"),
               "internal error at .*check_test\\.cc:[0-9]+: expected 1 > 2\\. bands are 3");
}

}  // namespace
}  // namespace pith
