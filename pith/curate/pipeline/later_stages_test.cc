#include "pith/curate/pipeline/later_stages.h"

#include <gtest/gtest.h>

#include "pith/curate/pipeline/corpus_test.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

class LaterStagesTest : public LaterStageTest {};

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

}  // namespace
}  // namespace pith
