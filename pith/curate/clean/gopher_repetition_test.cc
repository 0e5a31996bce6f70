#include "pith/curate/clean/gopher_repetition.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "pith/curate/clean/checked_text_test.h"

namespace pith {
namespace {

// Every measure and threshold by the name of its rule.
struct Rule {
  std::string name;
  std::function<double(const RepetitionMeasures&)> measure;
  std::function<double&(RepetitionThresholds&)> threshold;
};

std::vector<Rule> rules() {
  std::vector<Rule> all = {
      {"duplicate_lines", [](auto& m) { return m.duplicate_lines; },
       [](auto& t) -> double& { return t.duplicate_lines; }},
      {"duplicate_paragraphs", [](auto& m) { return m.duplicate_paragraphs; },
       [](auto& t) -> double& { return t.duplicate_paragraphs; }},
      {"duplicate_line_characters", [](auto& m) { return m.duplicate_line_characters; },
       [](auto& t) -> double& { return t.duplicate_line_characters; }},
      {"duplicate_paragraph_characters", [](auto& m) { return m.duplicate_paragraph_characters; },
       [](auto& t) -> double& { return t.duplicate_paragraph_characters; }}};
  for (std::size_t i = 0; i < 3; ++i) {
    all.push_back({"top_" + std::to_string(i + 2) + "_gram", [i](auto& m) { return m.top_gram[i]; },
                   [i](auto& t) -> double& { return t.top_gram[i]; }});
  }
  for (std::size_t i = 0; i < 6; ++i) {
    all.push_back({"duplicate_" + std::to_string(i + 5) + "_gram",
                   [i](auto& m) { return m.duplicate_gram[i]; },
                   [i](auto& t) -> double& { return t.duplicate_gram[i]; }});
  }
  return all;
}

RepetitionThresholds none() { return {9, 9, 9, 9, {9, 9, 9}, {9, 9, 9, 9, 9, 9}}; }

// Repeats a line, a paragraph and phrases, so that no measure is 0.
std::string repetitive(const std::string& line, const std::string& other) {
  return repeat(line + "\n" + line + "\n\n", 2) + other + "\n\n" + other + "\n";
}

void every_rule_has_its_own_threshold(bool chinese, const std::string& text,
                                      const std::string& language) {
  TextFeatures features;
  features.analyze(text, language);
  for (const Rule& rule : rules()) {
    GopherRepetitionOptions options{none(), none()};
    double& threshold = rule.threshold(chinese ? options.ideographic : options.spaced);
    const double measured = rule.measure(features.repetition());
    ASSERT_GT(measured, 0) << rule.name;
    threshold = measured;
    EXPECT_EQ(reason_of(*make_gopher_repetition(options), text, language), "") << rule.name;
    threshold = std::nextafter(measured, 0.0);
    const Checked dropped = check_text(*make_gopher_repetition(options), text, language);
    EXPECT_EQ(dropped.reason, "gopher_repetition." + rule.name);
    EXPECT_EQ(dropped.value, measured);
    EXPECT_EQ(dropped.threshold, threshold);
  }
}

TEST(GopherRepetitionTest, EveryRuleHasItsOwnThreshold) {
  every_rule_has_its_own_threshold(
      false,
      repetitive("one two three four five six seven eight nine ten eleven twelve",
                 "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty and more"),
      "en");
  every_rule_has_its_own_threshold(true, repetitive(signs(30), signs(40, 100)), "zh-Hans");
}

TEST(GopherRepetitionTest, ThirtyPerCentOfLinesMayHaveBeenThereBefore) {
  const auto filter = make_gopher_repetition();
  const std::string once = numbered_lines(7, 20, [](std::size_t) { return "."; });
  EXPECT_EQ(reason_of(*filter, once), "");
  EXPECT_EQ(reason_of(*filter, once + repeat("Back to the top\n", 4)), "");  // 3 of 11 lines
  EXPECT_EQ(reason_of(*filter, once + repeat("Back to the top\n", 5)),       // 4 of 12
            "gopher_repetition.duplicate_lines");
}

TEST(GopherRepetitionTest, ChineseIsMeasuredBySigns) {
  const auto filter = make_gopher_repetition();
  EXPECT_EQ(reason_of(*filter, signs(300), "zh-Hans"), "");
  EXPECT_EQ(reason_of(*filter, signs(200) + repeat(signs(20, 300), 4), "zh-Hans"),
            "gopher_repetition.duplicate_5_gram");
}

}  // namespace
}  // namespace pith
