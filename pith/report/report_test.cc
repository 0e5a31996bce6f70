#include "pith/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pith {
namespace {

using testing::HasSubstr;
using testing::Not;

ReportInput small_run() {
  ReportInput input;
  input.title = "a <run>";
  input.curate =
      parse_json(R"({"documents_in":10,"documents_kept":4,"bytes_in":1000,"bytes_kept":400,
    "stages":[{"name":"filters","documents_in":10,"documents_out":4,"bytes_in":1000,"bytes_out":400,
      "dropped":[{"reason":"gopher_quality.words","documents":6,"bytes":600,"threshold":50,
        "examples":[{"url":"http://x/?a&b","value":7,"excerpt":"</pre><script>alert(1)</script>"}]}]}],
    "languages":[{"language":"zh-Hans","documents_in":10,"documents_kept":4}],
    "formats":[{"format":"forum","documents":4,"bytes":400}],
    "topics":[{"name":"sea, tide","documents":4,"bytes":400,"topics":[{"name":"sea, tide",
      "documents":4,"bytes":400,"terms":["sea","tide","<b>moon"],
      "example":{"id":"1","title":"Tides","sentence":"The moon pulls the sea."}}]}],
    "broken_records":{"count":1,"examples":[{"file":"a.warc","offset":77,"reason":"cut short"}]}})",
                 "t")
          .value();
  input.training_log = {parse_json(R"({"step":1,"loss":5,"bits_per_byte":3.5})", "t").value(),
                        parse_json(R"({"step":2,"heldout_bits_per_byte":3.25})", "t").value(),
                        parse_json(R"({"step":2,"sample":"once upon"})", "t").value()};
  input.result = parse_json(R"({"documents_in":10,"documents_kept":4,"tokens":123456,
    "parameters":1000000,"bits_per_byte":2.3456,"seconds":125})",
                            "t")
                     .value();
  input.next_commands = {"pith chat out/model"};
  return input;
}

TEST(ReportTest, FiguresAreTheRuns) {
  const std::string html = render_report(small_run());
  EXPECT_THAT(html, HasSubstr("data-figure=\"tokens\">123,456<"));
  EXPECT_THAT(html, HasSubstr("data-figure=\"bits_per_byte\">2.346<"));
  EXPECT_THAT(html, HasSubstr("data-reason=\"gopher_quality.words\""));
  EXPECT_THAT(html, HasSubstr("a.warc at offset 77: cut short"));
  EXPECT_THAT(html, HasSubstr("once upon"));
  EXPECT_THAT(html, HasSubstr("pith chat out/model"));
}

TEST(ReportTest, TextOfPagesCannotRunOrFetch) {
  const std::string html = render_report(small_run());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("src=")));
  EXPECT_THAT(html, HasSubstr("a &lt;run&gt;"));
}

TEST(ReportTest, BothSidesOfAThresholdStandUnderTheRule) {
  ReportInput input = small_run();
  EXPECT_THAT(render_report(input), Not(HasSubstr("at the edge")));
  input.curate.set("edges", parse_json(R"([{"rule":"gopher_quality.words","threshold":50,
      "passed":[{"file_path":"a","value":51,"excerpt":"just enough"}],
      "dropped":[{"file_path":"b","value":49,"excerpt":"nearly <enough"}]}])",
                                       "t")
                                .value());
  const std::string html = render_report(input);
  EXPECT_THAT(html, HasSubstr("just enough<cite>a · measured 51, threshold 50"));
  EXPECT_THAT(html, HasSubstr("nearly &lt;enough<cite>b · measured 49, threshold 50"));
}

TEST(ReportTest, FormatsOfKeptDocumentsAreShown) {
  EXPECT_THAT(render_report(small_run()), HasSubstr("forum"));
  ReportInput input = small_run();
  input.curate.set("formats", Json());
  EXPECT_THAT(render_report(input), Not(HasSubstr("Formats")));
}

TEST(ReportTest, TopicsStandWithTheirTermsShareAndASentence) {
  const std::string html = render_report(small_run());
  EXPECT_THAT(html, HasSubstr("What it is about"));
  EXPECT_THAT(html, HasSubstr("sea, tide, &lt;b&gt;moon"));
  EXPECT_THAT(html, HasSubstr("The moon pulls the sea."));
  EXPECT_THAT(html, HasSubstr("100.0 %"));
  ReportInput input = small_run();
  input.curate.set("topics", Json());
  EXPECT_THAT(render_report(input), Not(HasSubstr("What it is about")));
}

TEST(ReportTest, CurationAloneHasAReport) {
  ReportInput input = small_run();
  input.training_log.clear();
  input.result = Json();
  const std::string html = render_report(input);
  EXPECT_THAT(html, HasSubstr("data-figure=\"documents_kept\">4<"));
  EXPECT_THAT(html, Not(HasSubstr("Training")));
}

}  // namespace
}  // namespace pith
