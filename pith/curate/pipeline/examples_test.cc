#include "pith/curate/pipeline/examples.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "pith/curate/pipeline/corpus_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class ExamplesTest : public StageTest {
 protected:
  ExamplesTest() { options_.like = {test_path("like")}; }
};

TEST_F(ExamplesTest, AreReadLikeInputWithoutFilters) {
  put("like/page.html", html("Ship", prose(1, 6, "ship")));
  put("like/short.txt", "Two words.");  // a filter would drop it
  put("like/zh.jsonl", "{\"text\": \"河水上涨\"}\n");
  put("like/picture.png", std::string("\x89PNG\0", 5));
  options_.languages = {"de"};  // of the input, not of the examples
  const auto examples = read_examples(options_, context_);
  ASSERT_TRUE(examples) << examples.error().message;
  EXPECT_EQ(examples->documents.size(), 3u);
  EXPECT_EQ(examples->keys.size(), 3u);
  EXPECT_TRUE(std::is_sorted(examples->keys.begin(), examples->keys.end()));
}

TEST_F(ExamplesTest, SetsOfQuestionsAreReadByTheirStrings) {
  put("like/lines.jsonl",
      "{\"question\": \"How many tides a day?\", \"answer\": \"Two.\"}\n"
      "{\"question\": \"What moves them?\", \"answer\": \"The moon.\"}\n");
  put("like/whole.json",
      "{\n  \"examples\": [\n    {\"input\": \"True or false?\",\n"
      "     \"target\": \"False\"},\n    {\"input\": \"Or neither?\"}\n  ]\n}\n");
  put("like/array.json", "[\n {\"q\": \"One more question\"}\n]\n");
  const auto examples = read_examples(options_, context_);
  ASSERT_TRUE(examples) << examples.error().message;
  EXPECT_EQ(examples->keys.size(), 5u);
  EXPECT_NE(std::ranges::find(examples->fronts, "How many tides a day?\nTwo."),
            examples->fronts.end());
}

TEST_F(ExamplesTest, TheSameTextCountsOnce) {
  put("like/a.txt", prose(1, 6));
  put("like/b.txt", prose(1, 6));
  put("like/c.txt", prose(2, 6));
  EXPECT_EQ(read_examples(options_, context_)->documents.size(), 2u);
}

TEST_F(ExamplesTest, OfManyAFixedChoiceIsTaken) {
  std::string lines;
  for (int i = 0; i < 2500; ++i) {
    lines += "{\"text\": \"example number " + std::to_string(i) + " of many\"}\n";
  }
  put("like/a.jsonl", lines);
  const auto once = read_examples(options_, context_), again = read_examples(options_, context_);
  EXPECT_EQ(once->documents.size(), kTargetExamples);
  EXPECT_EQ(once->keys.size(), 2500u);
  EXPECT_EQ(once->fronts, again->fronts);
}

TEST_F(ExamplesTest, NothingToLearnFromIsTheUsersMistake) {
  put("like/blank.txt", " \n");
  auto examples = read_examples(options_, context_);
  ASSERT_FALSE(examples);
  EXPECT_EQ(examples.error().kind, ErrorKind::kInput);
  EXPECT_THAT(examples.error().message, HasSubstr("--like"));
  options_.like = {test_path("missing")};
  examples = read_examples(options_, context_);
  ASSERT_FALSE(examples);
  EXPECT_THAT(examples.error().message, HasSubstr(test_path("missing")));
}

TEST_F(ExamplesTest, CanBeInterrupted) {
  put("like/a.txt", prose(1, 6));
  const std::atomic<bool> stop = true;
  context_.stop = &stop;
  EXPECT_EQ(read_examples(options_, context_).error().kind, ErrorKind::kInterrupted);
}

}  // namespace
}  // namespace pith
