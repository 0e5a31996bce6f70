#include "pith/curate/pipeline/document_maker.h"

#include <gmock/gmock.h>

#include <string>

#include "pith/base/json.h"
#include "pith/curate/pipeline/corpus_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class DocumentMakerTest : public testing::Test {
 protected:
  // Makes a document of one record and returns its JSON, of the kept or the dropped.
  Json make(const RawRecord& record) {
    DocumentMaker maker(options_);
    batch_ = MadeBatch();
    maker.add(record, batch_);
    EXPECT_NE(batch_.kept_lines.empty(), batch_.dropped_lines.empty());
    EXPECT_EQ(batch_.signatures.size(), batch_.kept_lines.empty() ? 0u : 1u);
    return parse_json(batch_.kept_lines + batch_.dropped_lines, "line").value();
  }
  RawRecord page(const std::string& bytes) {
    RawRecord record;
    record.bytes = bytes;
    record.kind = RawKind::kHtml;
    record.html = true;
    record.file_path = "a.warc";
    record.offset = 7;
    return record;
  }

  CurateOptions options_;
  MadeBatch batch_;
};

TEST_F(DocumentMakerTest, APageBecomesItsMainTextWithWhereItIsFrom) {
  RawRecord record = page(html("Rivers", prose(1, 12)));
  record.url = "http://a/";
  record.date = "2020-01-01";
  const Json document = make(record);
  EXPECT_FALSE(document.has("dropped_by"));
  EXPECT_THAT(document["text"].as_string(), HasSubstr("The river"));
  EXPECT_THAT(document["text"].as_string(), testing::Not(HasSubstr("Copyright")));
  EXPECT_EQ(document["title"].as_string(), "Rivers");
  EXPECT_EQ(document["language"].as_string(), "en");
  EXPECT_EQ(document["url"].as_string(), "http://a/");
  EXPECT_EQ(document["date"].as_string(), "2020-01-01");
  EXPECT_EQ(document["file_path"].as_string(), "a.warc");
  EXPECT_EQ(document["offset"].as_int(), 7);
  EXPECT_EQ(document["raw_bytes"].as_int(), static_cast<std::int64_t>(record.bytes.size()));
  EXPECT_EQ(document["id"].as_string().size(), 32u);
  record.offset = 8;
  EXPECT_NE(make(record)["id"].as_string(), document["id"].as_string());
}

TEST_F(DocumentMakerTest, ACleanedTextIsTheOneThatIsKeptAlsoCondensed) {
  options_.config->condense = {.enabled = true, .min_bytes = 0, .coverage = 0.5};
  const RawRecord record = page(html("Rivers", prose(1, 12)));
  const std::string kept = make(record)["text"].as_string();
  EXPECT_GT(batch_.statistics.condensed_bytes, 0u);
  EXPECT_EQ(DocumentMaker(options_).cleaned_text(record), kept);
}

TEST_F(DocumentMakerTest, MarkupStaysWhenItIsAskedFor) {
  const RawRecord record = page(html("Rivers", "<h2>Springs</h2>" + prose(1, 12)));
  EXPECT_THAT(make(record)["text"].as_string(), testing::Not(HasSubstr("## ")));
  options_.markup = true;
  EXPECT_THAT(make(record)["text"].as_string(), HasSubstr("## Springs\n\n"));
}

TEST_F(DocumentMakerTest, SpamThatATitleHidesBehindTheHeadingIsSeen) {
  const std::string body = "</title></head><body><article><h1>The river</h1>" + prose(1, 12);
  EXPECT_FALSE(make(page("<title>The river - Harbour Notes" + body)).has("dropped_by"));
  const Json document =
      make(page("<title>The river - Lucky Palace Casino free spins no deposit" + body));
  EXPECT_EQ(document["dropped_by"].as_string(), "spam.doorway");
  EXPECT_EQ(document["title"].as_string(), "The river");
}

TEST_F(DocumentMakerTest, TextStaysAsItIsButForBlanksAround) {
  RawRecord record;
  record.bytes = " \n" + chinese(1, 12) + "\n\n";
  const Json document = make(record);
  EXPECT_EQ(document["text"].as_string() + "\n\n", chinese(1, 12));
  EXPECT_EQ(document["language"].as_string(), "zh-Hans");
}

TEST_F(DocumentMakerTest, KeptDocumentsAreClassifiedAsTheConfigSays) {
  const RawRecord record = page(html("Rivers", prose(1, 12)));
  Json document = make(record);
  EXPECT_EQ(document["format"].as_string(), "article");
  EXPECT_GT(document["format_score"].as_double(), 0.1);
  EXPECT_GT(document["reading_level"].as_double(), 0);
  EXPECT_FALSE(document.has("languages"));
  options_.config->format_enabled = options_.config->reading_level_enabled = false;
  document = make(record);
  EXPECT_FALSE(document.has("format") || document.has("reading_level"));
}

TEST_F(DocumentMakerTest, APagesMeasuresAreNotUsedForTheTextAfterIt) {
  RawRecord text;
  text.bytes = prose(1, 12);
  const double alone = make(text)["format_score"].as_double();
  DocumentMaker maker(options_);
  MadeBatch batch;
  maker.add(page(html("Rivers", prose(2, 12))), batch);
  batch = MadeBatch();
  maker.add(text, batch);
  EXPECT_EQ(parse_json(batch.kept_lines, "line").value()["format_score"].as_double(), alone);
}

TEST_F(DocumentMakerTest, EveryDropSaysItsReasonAndMeasure) {
  EXPECT_EQ(make(page("<script>x</script>"))["dropped_by"].as_string(), "extract.no_text");
  const Json small = make(page("<main><p>The house is small and the door is red.</p></main>"));
  EXPECT_EQ(small["dropped_by"].as_string(), "gopher_quality.min_words");
  EXPECT_EQ(small["dropped_value"].as_double(), 9);
  EXPECT_EQ(small["dropped_threshold"].as_double(), 50);
  EXPECT_EQ(batch_.statistics.stage(CurateStage::kFilters).documents_in, 1u);
  options_.languages = {"de", "zh-Hans"};
  EXPECT_EQ(make(page(html("Rivers", prose(1, 12))))["dropped_by"].as_string(),
            "language.not_wanted");
  EXPECT_FALSE(make(page(html("河", chinese(1, 12)))).has("dropped_by"));
}

TEST_F(DocumentMakerTest, WithoutFiltersAllTextIsKept) {
  options_.filters = false;
  const Json document = make(page("<main><p>Please enable JavaScript.</p><p>Red.</p></main>"));
  EXPECT_FALSE(document.has("dropped_by"));
  EXPECT_THAT(document["text"].as_string(), HasSubstr("enable JavaScript"));
}

TEST_F(DocumentMakerTest, NoticesLeaveTheTextOfAKeptDocument) {
  RawRecord record;
  record.bytes = "Please enable JavaScript in your browser.\n" + prose(1, 12);
  EXPECT_THAT(make(record)["text"].as_string(), testing::Not(HasSubstr("JavaScript")));
  DocumentMaker maker(options_);
  EXPECT_EQ(maker.cleaned_text(record), make(record)["text"].as_string());
  record.bytes = "Too short to be kept.";
  EXPECT_EQ(maker.cleaned_text(record), record.bytes);
}

TEST_F(DocumentMakerTest, WhatIsPrivateIsMaskedAndCounted) {
  RawRecord record;
  record.bytes = prose(1, 12) + "Write to jane.doe@river.org or call +49 30 901820.";
  const Json document = make(record);
  EXPECT_THAT(document["text"].as_string(), HasSubstr("Write to <EMAIL> or call <PHONE>."));
  EXPECT_EQ(document["masked"].as_int(), 2);
  EXPECT_EQ(batch_.statistics.masked, (PiiCounts{1, 1, 0, 0, 0}));
  DocumentMaker maker(options_);
  EXPECT_EQ(maker.cleaned_text(record), document["text"].as_string());
  options_.config->mask.wanted.fill(false);
  EXPECT_FALSE(make(record).has("masked"));
}

TEST_F(DocumentMakerTest, ADocumentThatHoldsAnItemOfAnEvaluationSetIsDropped) {
  EvaluationSets sets;
  ASSERT_TRUE(
      sets.index.add("How many barrels of salted herring did the old skipper sell in May?"));
  sets.sets.push_back({.path = "quiz.jsonl", .first_item = 0, .items = 1});
  sets.index.build();
  RawRecord record;
  record.bytes =
      prose(1, 12) + "How many barrels of salted herring did the old skipper sell in June?";
  MadeBatch batch;
  DocumentMaker maker(options_, &sets);
  maker.add(record, batch);
  record.bytes = prose(1, 12);
  maker.add(record, batch);
  const StageStatistics& stage = batch.statistics.stage(CurateStage::kDecontaminate);
  EXPECT_EQ(stage.documents_in, 2u);
  EXPECT_EQ(stage.documents_out, 1u);
  EXPECT_TRUE(stage.dropped.contains("decontaminate.overlap"));
  EXPECT_EQ(batch.statistics.evaluation_items.at("quiz.jsonl").size(), 1u);
}

TEST_F(DocumentMakerTest, OneMakerServesManyRecords) {
  DocumentMaker maker(options_);
  MadeBatch batch;
  for (std::uint64_t i = 0; i < 5; ++i) maker.add(page(html("T", prose(i, 12))), batch);
  maker.add(page(""), batch);
  EXPECT_EQ(std::count(batch.kept_lines.begin(), batch.kept_lines.end(), '\n'), 5);
  EXPECT_EQ(std::count(batch.dropped_lines.begin(), batch.dropped_lines.end(), '\n'), 1);
  EXPECT_EQ(batch.signatures.size(), 5u);
  EXPECT_EQ(batch.statistics.stage(CurateStage::kExtract).documents_in, 6u);
}

}  // namespace
}  // namespace pith
