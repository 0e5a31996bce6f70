#include "pith/worth/worth_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pith {
namespace {

using testing::HasSubstr;
using testing::Not;

StageWorth stage(const char* name, std::vector<double> without, const WorthResult& result) {
  StageWorth worth;
  worth.without.name = name;
  worth.without.bits_per_byte = std::move(without);
  worth.changes_nothing = worth.without.bits_per_byte == result.all.bits_per_byte;
  worth.saved = paired_difference(worth.without.bits_per_byte, result.all.bits_per_byte);
  worth.compute = result.curve.worth_of(worth.saved.mean);
  worth.compute_low = result.curve.worth_of(worth.saved.low);
  worth.compute_high = result.curve.worth_of(worth.saved.high);
  return worth;
}

WorthResult made_up() {
  WorthResult result;
  result.all.bits_per_byte = {2.0, 2.1, 2.2};
  result.all.corpus_tokens = 500;
  result.tokens = 1000;
  result.curve = ComputeCurve({{0.5, 2.4}, {1, 2.1}, {2, 1.9}});
  result.stages = {stage("good", {2.29, 2.4, 2.51}, result),
                   stage("unclear", {2.0, 2.2, 2.15}, result),
                   stage("idle", {2.0, 2.1, 2.2}, result), stage("bad", {1.9, 2.0, 2.1}, result)};
  result.together = stage("all of them", {3.0, 3.1, 3.2}, result);
  return result;
}

std::string line_of(const std::string& text, const std::string& name) {
  const std::size_t begin = text.find("\n" + name) + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

TEST(WorthTableTest, EachStageHasAVerdict) {
  const std::string text = worth_text(made_up());
  EXPECT_THAT(line_of(text, "good"), HasSubstr("+0.3000"));
  EXPECT_THAT(line_of(text, "good"), HasSubstr(" 2.00 ("));
  EXPECT_THAT(line_of(text, "good"), HasSubstr("helps"));
  EXPECT_THAT(line_of(text, "unclear"), HasSubstr("not told from 0"));
  EXPECT_THAT(line_of(text, "idle"), HasSubstr("changes nothing"));
  EXPECT_THAT(line_of(text, "idle"), Not(HasSubstr("0.0000")));
  EXPECT_THAT(line_of(text, "bad"), HasSubstr("harms"));
  EXPECT_THAT(line_of(text, "all of them"), HasSubstr("over 2"));
  EXPECT_THAT(text, HasSubstr("2.1000 bits per byte"));
  EXPECT_THAT(text, HasSubstr("seen 2 times"));
}

TEST(WorthTableTest, LinesFitATerminal) {
  const std::string text = worth_text(made_up());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(end - begin, 120u) << text.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST(WorthTableTest, MarkdownHasARowAStage) {
  const std::string text = worth_markdown(made_up());
  for (const char* name : {"| good |", "| unclear |", "| idle |", "| bad |", "| all of them |"}) {
    EXPECT_THAT(text, HasSubstr(name));
  }
}

}  // namespace
}  // namespace pith
