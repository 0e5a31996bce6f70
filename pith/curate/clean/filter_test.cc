#include "pith/curate/clean/filter.h"

#include <gmock/gmock.h>

#include <string>

#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/clean/text_features.h"

namespace pith {
namespace {

class Verdict : public Filter {
 public:
  Verdict(bool keep, int& asked) : keep_(keep), asked_(asked) {}
  std::string_view name() const override { return "verdict"; }
  std::string_view about() const override { return "for this test"; }
  void settings(SettingVisitor&) override {}
  void check(const TextFeatures&, FilterChecks& checks) const override {
    ++asked_;
    checks.above(keep_ ? 1 : 3, 2, "verdict.no");
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
  FilterChecks checks;
  apply_filters(filters, TextFeatures(), checks);
  const FilterVerdict& verdict = checks.verdict();
  EXPECT_FALSE(verdict.keep);
  EXPECT_EQ(verdict.reason, "verdict.no");
  EXPECT_EQ(verdict.value, 3);
  EXPECT_EQ(verdict.threshold, 2);
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
  EXPECT_EQ(third, 0);
}

TEST(FilterTest, ToExplainEveryFilterIsAskedAndTheFirstStillDrops) {
  int asked = 0;
  FilterList filters;
  filters.push_back(std::make_unique<Verdict>(false, asked));
  filters.push_back(std::make_unique<Verdict>(true, asked));
  filters.push_back(std::make_unique<Verdict>(false, asked));
  std::vector<Measure> all;
  FilterChecks checks(&all);
  apply_filters(filters, TextFeatures(), checks);
  EXPECT_EQ(asked, 3);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_TRUE(all[0].broken());
  EXPECT_FALSE(all[1].broken());
  EXPECT_FALSE(checks.verdict().keep);
}

TEST(FilterTest, AFilterThatIsNotEnabledIsNotAsked) {
  int asked = 0;
  FilterList filters;
  filters.push_back(std::make_unique<Verdict>(false, asked));
  filters[0]->enabled = false;
  FilterChecks checks;
  apply_filters(filters, TextFeatures(), checks);
  EXPECT_TRUE(checks.verdict().keep);
  EXPECT_EQ(asked, 0);
}

TEST(FilterTest, AllFiltersAreAskedCheapOnesFirst) {
  std::vector<std::string> names;
  for (const auto& filter : default_filters()) names.emplace_back(filter->name());
  EXPECT_THAT(names, testing::ElementsAre("gopher_quality", "chinese_quality", "gopher_repetition",
                                          "fineweb"));
}

}  // namespace
}  // namespace pith
