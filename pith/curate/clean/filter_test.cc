#include "pith/curate/clean/filter.h"

#include <gmock/gmock.h>

#include <string>

#include "pith/curate/clean/text_features.h"

namespace pith {
namespace {

class Verdict : public Filter {
 public:
  Verdict(bool keep, int& asked) : keep_(keep), asked_(asked) {}
  std::string_view name() const override { return "verdict"; }
  std::string_view about() const override { return "for this test"; }
  void settings(SettingVisitor&) override {}
  FilterVerdict check(const TextFeatures&) const override {
    ++asked_;
    return keep_ ? FilterVerdict() : FilterVerdict{false, "verdict.no", 3, 2};
  }

 private:
  const bool keep_;
  int& asked_;
};

TEST(FilterTest, TheFirstThatDropsHasTheLastWord) {
  int first = 0, second = 0, third = 0;
  FilterList filters;
  filters.push_back(std::make_unique<Verdict>(true, first));
  filters.push_back(std::make_unique<Verdict>(false, second));
  filters.push_back(std::make_unique<Verdict>(false, third));
  const FilterVerdict verdict = apply_filters(filters, TextFeatures());
  EXPECT_FALSE(verdict.keep);
  EXPECT_EQ(verdict.reason, "verdict.no");
  EXPECT_EQ(verdict.value, 3);
  EXPECT_EQ(verdict.threshold, 2);
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
  EXPECT_EQ(third, 0);
}

TEST(FilterTest, WithoutFiltersEverythingIsKept) {
  EXPECT_TRUE(apply_filters({}, TextFeatures()).keep);
}

TEST(FilterTest, AllFiltersAreAskedCheapOnesFirst) {
  std::vector<std::string> names;
  for (const auto& filter : default_filters()) names.emplace_back(filter->name());
  EXPECT_THAT(names, testing::ElementsAre("gopher_quality", "chinese_quality", "gopher_repetition",
                                          "fineweb"));
}

}  // namespace
}  // namespace pith
