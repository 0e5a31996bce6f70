#include "pith/curate/select/selection_options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "pith/curate/select/selection_method.h"

namespace pith {
namespace {

// Notes what is named, and sets every value to another one that it may have.
class Changer final : public SettingVisitor {
 public:
  void table(std::string_view name, std::string_view) override { tables.emplace_back(name); }
  void flag(std::string_view name, bool& value, std::string_view about) override {
    note(name, about);
    value = !value;
  }
  void count(std::string_view name, std::size_t& value, std::string_view about) override {
    note(name, about);
    ++value;
  }
  void number(std::string_view name, double& value, double least, double most,
              std::string_view about) override {
    note(name, about);
    EXPECT_GE(value, least) << name;
    EXPECT_LT(value, most) << name;
    value = most;
  }
  void numbers(std::string_view, std::span<double>, double, double, std::string_view) override {
    FAIL() << "selection has no lists";
  }
  void choice(std::string_view name, std::string& value, std::span<const std::string_view> given,
              std::string_view about) override {
    note(name, about);
    choices[std::string(name)].assign(given.begin(), given.end());
    EXPECT_NE(std::ranges::find(given, value), given.end()) << name << " is none of its values";
    value = value == given.front() ? given.back() : given.front();
  }

  std::vector<std::string> tables;
  std::map<std::string, std::vector<std::string>> choices;
  int settings = 0;

 private:
  void note(std::string_view name, std::string_view about) {
    EXPECT_FALSE(about.empty()) << name;
    ++settings;
  }
};

TEST(SelectionOptionsTest, EveryOptionIsASettingOfTheTable) {
  const SelectionOptions before;
  SelectionOptions after;
  Changer changer;
  selection_settings(after, changer);
  EXPECT_EQ(changer.tables, std::vector<std::string>{"selection"});
  EXPECT_EQ(changer.settings, 4);
  EXPECT_NE(after.method, before.method);
  EXPECT_NE(after.balance, before.balance);
  EXPECT_NE(after.noise, before.noise);
  EXPECT_NE(after.fill, before.fill);
}

TEST(SelectionOptionsTest, AMethodIsAnyOfTheListAndNothingElse) {
  SelectionOptions options;
  Changer changer;
  selection_settings(options, changer);
  std::vector<std::string> names;
  for (const SelectionMethod& method : selection_methods()) names.emplace_back(method.name);
  EXPECT_EQ(changer.choices["method"], names);
  EXPECT_EQ(changer.choices["balance"], (std::vector<std::string>{"none", "languages", "topics"}));
}

}  // namespace
}  // namespace pith
