#include "pith/curate/pipeline/work_folder.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>

#include "pith/curate/pipeline/corpus_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class WorkFolderTest : public StageTest {
 protected:
  WorkFolderTest() {
    put("in/a.txt", "text");
    context_.on_warning = [this](std::string_view warning) { warning_ = warning; };
  }
  std::string manifest(std::uint64_t seed = 0) { return curate_manifest(options_, seed)->dump(); }
  OutState claim() {
    const auto state = claim_output(options_, curate_manifest(options_, 0).value(), context_);
    EXPECT_TRUE(state) << state.error().message;
    return state.value();
  }
  std::string refused() {
    const auto state = claim_output(options_, curate_manifest(options_, 0).value(), context_);
    EXPECT_FALSE(state);
    if (state) return "";
    EXPECT_EQ(state.error().kind, ErrorKind::kInput);
    return state.error().message;
  }

  std::string warning_;
};

TEST_F(WorkFolderTest, TheManifestFollowsAllThatTheResultDependsOn) {
  const std::string before = manifest();
  EXPECT_EQ(manifest(), before);
  EXPECT_NE(manifest(1), before);
  options_.keep_bytes = 1;
  EXPECT_NE(manifest(), before);
  options_.keep_bytes = 0;
  options_.out = test_path("elsewhere");
  EXPECT_EQ(manifest(), before);
  std::filesystem::last_write_time(test_path("in/a.txt"),
                                   std::chrono::file_clock::now() + std::chrono::seconds(5));
  EXPECT_NE(manifest(), before);
  const std::string touched = manifest();
  put("in/b.txt", "more");
  EXPECT_NE(manifest(), touched);
}

TEST_F(WorkFolderTest, MissingAndEmptyInputsAreNamed) {
  const auto error = [&] { return curate_manifest(options_, 0).error().message; };
  options_.inputs = {};
  EXPECT_THAT(error(), HasSubstr("no input"));
  options_.inputs = {test_path("none")};
  EXPECT_THAT(error(), HasSubstr(test_path("none")));
  ASSERT_TRUE(make_folders(test_path("empty")));
  options_.inputs = {test_path("empty")};
  EXPECT_THAT(error(), HasSubstr("is empty"));
  options_.inputs = {test_path("in")};
  options_.like = {test_path("none")};
  EXPECT_THAT(error(), HasSubstr("--like"));
  options_.like = {};
  options_.out = "";
  EXPECT_THAT(error(), HasSubstr("-o"));
}

TEST_F(WorkFolderTest, WorkOfTheSameCallGoesOn) {
  EXPECT_EQ(claim(), OutState::kFresh);
  put("out/.curate/shards/00000.json", "{}");
  EXPECT_EQ(claim(), OutState::kUnfinished);
  EXPECT_TRUE(file_exists(test_path("out/.curate/shards/00000.json")));
  EXPECT_EQ(warning_, "");
}

TEST_F(WorkFolderTest, WorkOfAnotherCallIsReplacedWithAWarning) {
  claim();
  put("out/.curate/shards/00000.json", "{}");
  options_.keep_bytes = 7;
  EXPECT_EQ(claim(), OutState::kFresh);
  EXPECT_FALSE(file_exists(test_path("out/.curate/shards/00000.json")));
  EXPECT_THAT(warning_, HasSubstr("options.keep_bytes"));
}

TEST_F(WorkFolderTest, KilledBeforeItsManifestWasThereIsFresh) {
  put("out/.curate/shards/x", "");
  EXPECT_EQ(claim(), OutState::kFresh);
}

TEST_F(WorkFolderTest, AResultIsFoundAgainAndNeverOverwritten) {
  Json summary;
  summary.set("manifest", curate_manifest(options_, 0).value());
  put("out/curate.json", summary.dump(true));
  EXPECT_EQ(claim(), OutState::kDone);
  options_.filters = false;
  EXPECT_THAT(refused(), HasSubstr("options.filters"));
}

TEST_F(WorkFolderTest, ForeignFilesAreRefusedAndStay) {
  put("out/holiday.jpg", "x");
  EXPECT_THAT(refused(), HasSubstr("holiday.jpg"));
  EXPECT_TRUE(file_exists(test_path("out/holiday.jpg")));
  options_.out = test_path("in/a.txt");
  EXPECT_THAT(refused(), HasSubstr("not a folder"));
}

}  // namespace
}  // namespace pith
