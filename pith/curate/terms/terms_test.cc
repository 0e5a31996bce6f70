#include "pith/curate/terms/terms.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace pith {
namespace {

std::vector<std::uint64_t> terms(std::string_view sentence) {
  std::vector<std::uint64_t> found;
  distinct_terms(sentence, found);
  return found;
}

std::size_t shared(std::string_view a, std::string_view b) {
  const auto x = terms(a), y = terms(b);
  std::vector<std::uint64_t> both;
  std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(both));
  return both.size();
}

TEST(TermsTest, EndingsAndCaseDoNotMatter) {
  EXPECT_EQ(terms("Computers, computing: COMPUTED").size(), 1u);
  EXPECT_EQ(shared("Компьютеры", "компьютером"), 1u);
}

TEST(TermsTest, FunctionWordsAndNumbersAreNone) {
  EXPECT_TRUE(terms("We should not, through the 2024 and 3.14, be between them.").empty());
  EXPECT_TRUE(terms("").empty());
  EXPECT_EQ(terms("B2B 100s x").size(), 1u);  // B2B
}

TEST(TermsTest, ChineseTermsArePairsWithoutFunctionSigns) {
  EXPECT_EQ(terms("机器学习").size(), 3u);
  EXPECT_EQ(terms("我的书是他的").size(), 0u);
  EXPECT_EQ(shared("机器学习很难", "我们研究机器学习。"), 3u);
  EXPECT_EQ(shared("机器，学习", "器学"), 0u);  // no pair across a comma
}

TEST(TermsTest, SurfacesAreTheWordsAndPairsAsTheyStand) {
  std::vector<std::string_view> surfaces;
  for_each_term("The Computers of 机器学习.",
                [&](std::uint64_t, std::string_view surface) { surfaces.push_back(surface); });
  EXPECT_EQ(surfaces, (std::vector<std::string_view>{"Computers", "机器", "器学", "学习"}));
}

}  // namespace
}  // namespace pith
