#include "pith/curate/pipeline/statistics.h"

#include <gtest/gtest.h>

#include <utility>

namespace pith {
namespace {

Document dropped(int number) {
  Document document;
  document.id = "id" + std::to_string(number);
  document.text = "text " + std::to_string(number);
  document.dropped_by = number % 3 == 0 ? "rare" : "common";
  document.dropped_value = number;
  document.dropped_threshold = 7;
  return document;
}

CurateStatistics count(int begin, int end) {
  CurateStatistics statistics;
  for (int i = begin; i < end; ++i) {
    statistics.pass(CurateStage::kExtract, 100, 10);
    statistics.drop(CurateStage::kFilters, 10, dropped(i));
    statistics.measured("common", 7 - i, 7, true, dropped(i));
    statistics.languages["en"].documents_in += 1;
    statistics.formats[i % 3 == 0 ? "forum" : "article"].documents += 1;
    statistics.formats["forum"].bytes += 10;
    statistics.quality_histogram[static_cast<std::size_t>(i) % kQualityBins] += 1;
    statistics.broken_records += 1;
    if (statistics.broken_examples.size() < kBrokenExamples) {
      statistics.broken_examples.push_back({"file" + std::to_string(i), "cut", 5});
    }
    statistics.condensed_bytes += 3;
    statistics.skipped_files["binary"] += 2;
  }
  return statistics;
}

TEST(StatisticsTest, PartsAddUpToTheWhole) {
  const std::string whole = statistics_to_json(count(0, 50)).dump();
  CurateStatistics sum = count(0, 7);
  sum.add(count(7, 30));
  sum.add(count(30, 50));
  EXPECT_EQ(statistics_to_json(sum).dump(), whole);
}

TEST(StatisticsTest, JsonKeepsAllThatAddingNeeds) {
  CurateStatistics sum = statistics_from_json(statistics_to_json(count(0, 21)));
  sum.add(statistics_from_json(statistics_to_json(count(21, 50))));
  EXPECT_EQ(statistics_to_json(sum).dump(), statistics_to_json(count(0, 50)).dump());
}

TEST(StatisticsTest, TheSummaryShowsBothSidesOfAThresholdWhereThereAreTwo) {
  Json summary = Json::object();
  add_statistics(count(0, 50), false, summary);
  ASSERT_EQ(summary["edges"].items().size(), 1u);  // "rare" dropped all it measured
  const Json& edge = summary["edges"].items()[0];
  EXPECT_EQ(edge["rule"].as_string(), "common");
  EXPECT_EQ(edge["threshold"].as_double(), 7);
  EXPECT_EQ(edge["passed"].items()[0]["value"].as_double(), 7);
  EXPECT_EQ(edge["dropped"].items()[0]["value"].as_double(), 7);
  EXPECT_EQ(edge["dropped"].items()[1]["value"].as_double(), 8);  // before 5: of equal distance
}

TEST(StatisticsTest, TheSummaryShowsThreeExamplesOfEachReason) {
  Json summary = Json::object();
  add_statistics(count(0, 50), false, summary);
  const Json& stage = summary["stages"].items()[2];
  EXPECT_EQ(stage["name"].as_string(), "filters");
  EXPECT_EQ(stage["documents_in"].as_int(), 50);
  EXPECT_EQ(stage["documents_out"].as_int(), 0);
  const Json& first = stage["dropped"].items()[0];
  EXPECT_EQ(first["reason"].as_string(), "common");  // the most documents first
  EXPECT_EQ(first["documents"].as_int(), 33);
  EXPECT_EQ(first["threshold"].as_double(), 7);
  EXPECT_EQ(first["examples"].items().size(), 3u);
  EXPECT_FALSE(first["examples"].items()[0].has("key"));
  EXPECT_EQ(summary["broken_records"]["examples"].items().size(), kBrokenExamples);
  EXPECT_FALSE(summary.has("quality_histogram"));
}

}  // namespace
}  // namespace pith
