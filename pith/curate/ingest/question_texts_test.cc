#include "pith/curate/ingest/question_texts.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

std::vector<std::string> texts(std::string_view json) {
  return question_texts(parse_json(json, "test").value());
}
using Texts = std::vector<std::string>;

TEST(QuestionTextsTest, AnObjectIsOneRecordOfAllItsStrings) {
  EXPECT_EQ(texts(R"({"question": "Who?", "answer": "Eve", "id": 7})"), (Texts{"Who?\nEve"}));
  EXPECT_EQ(texts(R"({"q": "Which?", "choices": {"text": ["one", "two"]}, "empty": ""})"),
            (Texts{"Which?\none\ntwo"}));
}

TEST(QuestionTextsTest, ItemsOfAnArrayAreRecords) {
  EXPECT_EQ(texts(R"([{"q": "a"}, {"q": "b"}, {"n": 1}, "c"])"), (Texts{"a", "b", "c"}));
  EXPECT_EQ(
      texts(R"({"canary": "x", "examples": [{"input": "a", "target": "b"}, {"input": "c"}]})"),
      (Texts{"a\nb", "c"}));
}

TEST(QuestionTextsTest, AnArrayWithinARecordStaysInIt) {
  EXPECT_EQ(texts(R"([{"q": "a", "options": [{"text": "b"}, {"text": "c"}]}, {"q": "d"}])"),
            (Texts{"a\nb\nc", "d"}));
}

TEST(QuestionTextsTest, WithoutStringsThereIsNothing) {
  EXPECT_EQ(texts("[]"), Texts());
  EXPECT_EQ(texts(R"({"a": 1, "b": null})"), Texts());
}

}  // namespace
}  // namespace pith
