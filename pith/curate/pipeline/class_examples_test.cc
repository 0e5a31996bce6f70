#include "pith/curate/pipeline/class_examples.h"

#include <gmock/gmock.h>

#include "pith/curate/pipeline/corpus_test.h"
#include "pith/curate/select/document_words.h"

namespace pith {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ClassExamplesTest : public StageTest {
 protected:
  ClassExamplesTest() {
    context_.on_warning = [this](std::string_view text) { warnings_.emplace_back(text); };
  }
  // A class of `count` texts about `subject`.
  void give(const std::string& name, int count, std::string_view subject) {
    for (int i = 0; i < count; ++i) {
      put(name + "/" + std::to_string(i) + ".txt",
          prose(static_cast<std::uint64_t>(i) + 100 * subject.size(), 6, subject));
    }
    options_.classes.push_back({name, test_path(name)});
  }
  std::string error() {
    const auto classes = learn_classes(options_, context_);
    EXPECT_FALSE(classes);
    if (classes) return "";
    EXPECT_EQ(classes.error().kind, ErrorKind::kInput);
    return classes.error().message;
  }

  std::vector<std::string> warnings_;
};

TEST_F(ClassExamplesTest, AnOptionIsANameAndAFolder) {
  const auto folder = parse_class("recipe=a/b=c");
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->name, "recipe");
  EXPECT_EQ(folder->path, "a/b=c");
  for (const char* wrong : {"recipe", "=a", "recipe=", ""}) {
    ASSERT_FALSE(parse_class(wrong)) << wrong;
    EXPECT_THAT(parse_class(wrong).error().message, HasSubstr("NAME=FOLDER"));
  }
}

TEST_F(ClassExamplesTest, LearnsToTellThemApart) {
  give("ships", 12, "schooner");
  give("birds", 12, "albatross");
  const auto classes = learn_classes(options_, context_);
  ASSERT_TRUE(classes) << classes.error().message;
  EXPECT_THAT(classes->names, ElementsAre("ships", "birds"));
  EXPECT_EQ(classes->report.folds, 5u);
  EXPECT_GT(classes->report.held_out_accuracy, 0.8);
  EXPECT_TRUE(warnings_.empty());
  std::vector<std::uint32_t> features;
  ClassModel::Scratch scratch;
  target_features(prose(77, 6, "albatross"), features);
  EXPECT_EQ(classes->model.classify(features, scratch).label, 1u);
  const Json json = classes_to_json(*classes, {{.documents = 3, .bytes = 30}, {}});
  EXPECT_EQ(json["classes"].items()[0]["documents"].as_int(), 3);
  EXPECT_EQ(json["classes"].items()[1]["examples"].as_int(), 12);
}

TEST_F(ClassExamplesTest, MistakesAreNamed) {
  give("ships", 2, "schooner");
  EXPECT_THAT(error(), testing::AllOf(HasSubstr("ships"), HasSubstr("only class")));
  options_.classes.push_back(options_.classes[0]);
  EXPECT_THAT(error(), testing::AllOf(HasSubstr("ships"), HasSubstr("twice")));
  put("blank/a.txt", " \n");
  options_.classes[1] = {"blank", test_path("blank")};
  EXPECT_THAT(error(), testing::AllOf(HasSubstr("blank"), HasSubstr("no document with text")));
  options_.classes[1] = {"gone", test_path("gone")};
  EXPECT_THAT(error(), HasSubstr(test_path("gone")));
  options_.classes.clear();
  for (std::size_t i = 0; i <= kMostClasses; ++i) {
    options_.classes.push_back({std::to_string(i), test_path("ships")});
  }
  EXPECT_THAT(error(), HasSubstr("at most 64"));
}

TEST_F(ClassExamplesTest, WarnsOfWhatCannotBeMeasuredOrTold) {
  give("ships", 1, "schooner");
  give("birds", 5, "albatross");
  put("birds/same.txt", prose(800, 6, "schooner"));
  const auto classes = learn_classes(options_, context_);
  ASSERT_TRUE(classes) << classes.error().message;
  EXPECT_EQ(classes->report.folds, 0u);
  EXPECT_FALSE(classes_to_json(*classes, {}).has("held_out_accuracy"));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("single example"), HasSubstr("1 texts")));
}

}  // namespace
}  // namespace pith
