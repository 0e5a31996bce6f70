#include "pith/curate/pipeline/later_stages.h"

#include <gtest/gtest.h>

#include "pith/curate/pipeline/corpus_test.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

class LaterStagesTest : public StageTest {
 protected:
  LaterStagesTest() {
    options_.shard_raw_bytes = 6000;
    options_.filters = false;
  }

  // Documents are numbered in the order of the file names.
  void put_all(const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      put("in/" + std::to_string(100 + i) + ".txt", texts[i]);
    }
    shards_ = first_stage().shards;
  }
  DuplicateColumns duplicates() {
    auto columns = run_duplicate_stage(options_, folder_, shards_, context_);
    EXPECT_TRUE(columns) << columns.error().message;
    return std::move(columns).value();
  }
  TargetColumns target(const DuplicateColumns& columns) {
    auto examples = read_examples(options_, context_);
    EXPECT_TRUE(examples) << examples.error().message;
    auto result = run_target_stage(*examples, folder_, shards_, columns, context_);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(result).value();
  }

  std::size_t shards_ = 0;
};

TEST_F(LaterStagesTest, OfCopiesOneIsKeptAndCountsThem) {
  put_all({prose(1, 40), prose(2, 40), prose(1, 40), prose(1, 40) + "A last line.", prose(3, 40)});
  const DuplicateColumns columns = duplicates();
  ASSERT_EQ(columns.fate.size(), 5u);
  EXPECT_EQ(columns.fate[1], Fate::kKept);
  EXPECT_EQ(columns.fate[2], Fate::kExactDuplicate);
  EXPECT_EQ(columns.fate[0], Fate::kNearDuplicate);  // the longer one is kept
  EXPECT_EQ(columns.fate[3], Fate::kKept);
  EXPECT_EQ(columns.cluster_size[3], 3u);
  EXPECT_EQ(columns.cluster_size[1], 1u);
  EXPECT_EQ(columns.similarity[2], 1.0f);
  EXPECT_GT(columns.similarity[0], 0.8f);
  EXPECT_LT(columns.similarity[0], 1.0f);
  EXPECT_EQ(columns.keys[0], columns.keys[2]);
  EXPECT_EQ(columns.kept, (std::vector<std::uint32_t>{3, 1, 3, 3, 4}));
  EXPECT_EQ(columns.kept_id(0), columns.kept_id(2));
  EXPECT_EQ(duplicates().kept_id(0), columns.kept_id(0));  // read back
  EXPECT_EQ(columns.text_bytes[1], prose(2, 40).size() - 2);
}

TEST_F(LaterStagesTest, ATraditionalCopyIsANearDuplicate) {
  const std::string simplified = chinese(1, 40);
  std::string traditional = simplified;
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"们", "們"}, {"学", "學"}, {"习", "習"}, {"机", "機"}, {"气", "氣"}, {"师", "師"}}) {
    for (std::size_t at = 0; (at = traditional.find(from, at)) != std::string::npos;) {
      traditional.replace(at, from.size(), to);
    }
  }
  put_all({simplified, traditional, chinese(2, 40)});
  EXPECT_EQ(duplicates().fate, (std::vector<Fate>{Fate::kKept, Fate::kNearDuplicate, Fate::kKept}));
}

TEST_F(LaterStagesTest, NearCopiesStayWhenNobodyLooks) {
  options_.config->near_duplicates_enabled = false;
  options_.config->repeated_text.enabled = false;
  put_all({prose(1, 40), prose(1, 40) + "A last line.", prose(1, 40)});
  const DuplicateColumns columns = duplicates();
  EXPECT_EQ(columns.fate, (std::vector<Fate>{Fate::kKept, Fate::kKept, Fate::kExactDuplicate}));
}

TEST_F(LaterStagesTest, WhatStandsInEarlierDocumentsIsCut) {
  const std::string passage = prose(9, 20);
  put_all({prose(1, 20) + passage, prose(2, 20) + passage + prose(3, 20), passage + "An end."});
  options_.config->near_duplicates_enabled = false;
  const DuplicateColumns columns = duplicates();
  EXPECT_EQ(columns.fate, (std::vector<Fate>{Fate::kKept, Fate::kKept, Fate::kRepeatedText}));
  EXPECT_TRUE(columns.repeated.cuts_of(0).empty());
  EXPECT_EQ(columns.text_bytes[1] + bytes_of(columns.repeated.cuts_of(1)),
            (prose(2, 20) + passage + prose(3, 20)).size() - 2);
  EXPECT_LT(columns.text_bytes[1], (prose(2, 20) + prose(3, 20)).size() + 100);
}

TEST_F(LaterStagesTest, WhatAStageFoundIsNotDoneAgain) {
  put_all({prose(1, 40), prose(1, 40), prose(2, 40)});
  const DuplicateColumns once = duplicates();
  EXPECT_TRUE(file_exists(folder_.column("fate")));
  options_.config->near_duplicate_similarity = 0;  // would make one cluster of all
  EXPECT_EQ(duplicates().fate, once.fate);
  ASSERT_TRUE(write_file(folder_.column("similarity"), "cut"));
  EXPECT_FALSE(run_duplicate_stage(options_, folder_, shards_, context_));
}

TEST_F(LaterStagesTest, WhatIsLikeTheExamplesIsProbable) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 30; ++i) {
    texts.push_back(i % 5 == 0 ? prose(i, 12, "sailing ship captain")
                               : prose(i, 12, "quiet garden"));
  }
  texts.push_back(texts[0]);
  texts.push_back(chinese(1, 30));
  put("like/a.txt", texts[0]);
  for (std::uint64_t i = 500; i < 508; ++i) {
    put("like/" + std::to_string(i) + ".txt", prose(i, 12, "sailing ship captain"));
  }
  options_.like = {test_path("like")};
  put_all(texts);
  const DuplicateColumns columns = duplicates();
  const TargetColumns found = target(columns);
  ASSERT_EQ(columns.fate.size(), 32u);
  ASSERT_TRUE(found.report);
  EXPECT_EQ(found.report->examples, 9u);
  EXPECT_EQ(found.report->others, 29u);  // without the example itself and the Chinese
  float worst_ship = 1, best_other = 0;
  for (std::size_t i = 0; i < 30; ++i) {
    if (i % 5 == 0) {
      worst_ship = std::min(worst_ship, found.quality[i]);
    } else {
      best_other = std::max(best_other, found.quality[i]);
    }
  }
  EXPECT_GT(worst_ship, best_other);
  EXPECT_EQ(found.quality[30], 0.0f);  // a copy, dropped before
  EXPECT_EQ(found.quality[31], 0.0f);  // in a language of no example
  const TargetColumns again = target(columns);
  EXPECT_EQ(again.quality, found.quality);
  EXPECT_EQ(again.report->suggested_threshold, found.report->suggested_threshold);
}

TEST_F(LaterStagesTest, NothingButExamplesTeachesNothing) {
  put("like/a.txt", prose(1, 12));
  options_.like = {test_path("like")};
  put_all({prose(1, 12)});
  EXPECT_FALSE(target(duplicates()).report);
}

}  // namespace
}  // namespace pith
