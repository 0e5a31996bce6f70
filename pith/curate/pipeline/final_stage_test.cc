#include "pith/curate/pipeline/final_stage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pith/curate/pipeline/corpus_test.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

// Ten documents of known quality, the last a copy of the first, and one that a filter dropped.
class FinalStageTest : public StageTest {
 protected:
  FinalStageTest() {
    for (std::uint64_t i = 0; i < 9; ++i) put("in/" + std::to_string(i) + ".txt", prose(i, 24));
    put("in/9.txt", prose(0, 24));
    put("in/x.txt", "Too short.");
    shards_ = first_stage().shards;
    auto columns = run_duplicate_stage(options_, folder_, shards_, context_);
    EXPECT_TRUE(columns) << columns.error().message;
    duplicates_ = std::move(columns).value();
  }
  FinalStageResult run(const std::optional<TargetColumns>& target = {}) {
    auto result =
        run_final_stage(options_, folder_, shards_, duplicates_, target, nullptr, context_);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(result).value();
  }
  TargetColumns target(double threshold) {
    TargetColumns columns;
    for (int i = 0; i < 10; ++i) {
      const double quality = 0.1 * i;
      columns.scores.push_back(static_cast<float>(std::log(quality / (1 - quality))));
    }
    columns.report = {.examples = 5, .suggested_threshold = threshold};
    return columns;
  }
  std::vector<Document> read(const std::string& folder) {
    std::vector<Document> all;
    DocumentReader reader = DocumentReader::open(folder).value();
    for (Document document; reader.next(document).value();) all.push_back(document);
    return all;
  }

  static std::string trim(const std::string& text) {
    return text.substr(0, text.find_last_not_of(" \n") + 1);
  }

  std::size_t shards_ = 0;
  DuplicateColumns duplicates_;
};

TEST_F(FinalStageTest, WithoutATargetAllThatIsLeftIsKept) {
  const FinalStageResult result = run();
  EXPECT_EQ(result.documents_kept, 9u);
  const auto kept = read(folder_.documents()), dropped = read(folder_.dropped());
  EXPECT_EQ(kept.size(), 9u);
  ASSERT_EQ(dropped.size(), 2u);
  EXPECT_EQ(dropped[0].dropped_by, "gopher_quality.min_words");
  EXPECT_EQ(dropped[1].dropped_by, "exact_duplicate");
  EXPECT_EQ(kept[0].cluster_size, 2u);
  EXPECT_EQ(dropped[1].duplicate_of, kept[0].id);
  std::uint64_t bytes = 0;
  for (const Document& document : kept) bytes += document.text.size();
  EXPECT_EQ(result.bytes_kept, bytes);
}

TEST_F(FinalStageTest, RepeatedTextIsCutAndTooLittleDropped) {
  duplicates_.repeated.documents = {2, 3};
  duplicates_.repeated.cuts = {{10, 20}, {30, 50}};
  duplicates_.repeated.ends = {1, 2};
  duplicates_.fate[3] = Fate::kRepeatedText;
  duplicates_.text_bytes[3] = 7;
  const FinalStageResult result = run();
  const auto kept = read(folder_.documents()), dropped = read(folder_.dropped());
  EXPECT_EQ(kept[2].repeated_bytes, 10u);
  EXPECT_EQ(kept[2].text, prose(2, 24).substr(0, 10) + std::string(trim(prose(2, 24).substr(20))));
  ASSERT_EQ(dropped.size(), 3u);
  EXPECT_EQ(dropped[1].dropped_by, "repeated_text.bytes_left");
  EXPECT_EQ(dropped[1].dropped_value, 7);
  EXPECT_EQ(dropped[1].text, trim(prose(3, 24)));  // whole
  const StageStatistics& stage = result.statistics.stage(CurateStage::kRepeatedText);
  EXPECT_EQ(stage.documents_in, stage.documents_out + 1);
  EXPECT_EQ(stage.bytes_in, stage.bytes_out + 10 + dropped[1].text.size());
}

TEST_F(FinalStageTest, BelowTheExamplesThresholdIsDropped) {
  const FinalStageResult result = run(target(0.55));
  EXPECT_EQ(result.documents_kept, 3u);             // .6 to .8; the copy is gone
  EXPECT_NEAR(result.target_threshold, 0.6, 1e-6);  // the lowest that was kept
  for (const Document& document : read(folder_.documents())) EXPECT_GT(document.quality, 0.55);
  int below = 0;
  for (const Document& document : read(folder_.dropped())) {
    if (document.dropped_by != "target.probability") continue;
    ++below;
    EXPECT_LT(document.dropped_value, 0.55);
    EXPECT_NEAR(document.dropped_threshold, 0.6, 1e-6);
  }
  EXPECT_EQ(below, 6);
  EXPECT_EQ(result.statistics.quality_histogram[4] + result.statistics.quality_histogram[3], 1u);
}

TEST_F(FinalStageTest, ATenthOfTheBytesIsLeftInAnyCase) {
  const FinalStageResult result = run(target(0.99));
  EXPECT_EQ(result.documents_kept, 1u);
  EXPECT_NEAR(read(folder_.documents())[0].quality, 0.8, 1e-6);
}

TEST_F(FinalStageTest, WithABoundTheBestThatFitAreKept) {
  options_.config->selection.fill = true;
  options_.keep_bytes = 2 * prose(8, 24).size() + 200;
  const FinalStageResult result = run(target(0.99));
  EXPECT_LE(result.bytes_kept, options_.keep_bytes);
  EXPECT_EQ(result.documents_kept, 2u);
  for (const Document& document : read(folder_.documents())) EXPECT_GT(document.quality, 0.65);
  int over = 0;
  for (const Document& d : read(folder_.dropped())) over += d.dropped_by == "select.keep_bytes";
  EXPECT_EQ(over, 7);
}

TEST_F(FinalStageTest, ABoundIsNotFilledWithWhatIsUnlikeTheExamples) {
  options_.config->selection.fill = false;
  const std::uint64_t one = prose(8, 24).size();
  options_.keep_bytes = 6 * one;
  EXPECT_EQ(run(target(0.65)).documents_kept, 2u);  // .7 and .8
  for (const Document& document : read(folder_.dropped())) {
    if (document.dropped_by != "target.probability") continue;
    EXPECT_LT(document.dropped_value, 0.65);
  }
  options_.keep_bytes = 16 * one;  // a quarter of it is in any case
  const FinalStageResult result = run(target(0.65));
  EXPECT_GE(result.bytes_kept, 4 * one);
  EXPECT_LE(result.documents_kept, 5u);
}

TEST_F(FinalStageTest, StrataTakeTurns) {
  options_.config->selection.fill = true;
  TargetColumns columns = target(0.5);
  columns.strata = {0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  columns.shares = {1, 1};
  options_.keep_bytes = 4 * prose(8, 24).size() + 800;
  const FinalStageResult result = run(columns);
  EXPECT_EQ(result.documents_kept, 4u);
  int of_first = 0;
  for (const Document& document : read(folder_.documents())) of_first += document.quality < 0.35;
  EXPECT_EQ(of_first, 2);
  for (const Document& document : read(folder_.dropped())) {  // each judged within its own
    if (document.dropped_by != "select.keep_bytes") continue;
    EXPECT_LE(document.dropped_value, document.dropped_threshold);
  }
}

TEST_F(FinalStageTest, StoppedItLeavesTheOldResultAlone) {
  run();
  const std::atomic<bool> stop = true;
  context_.stop = &stop;
  const auto result =
      run_final_stage(options_, folder_, shards_, duplicates_, {}, nullptr, context_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(read(folder_.documents()).size(), 9u);
}

}  // namespace
}  // namespace pith
