#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "pith/base/test_data.h"
#include "pith/curate/ingest/raw_reader_test.h"

namespace pith {
namespace {

using WarcSourceTest = RawReaderTest;

TEST_F(WarcSourceTest, ABombInABodyIsOneBrokenRecord) {
  IngestOptions options;
  options.max_record_bytes = 1 << 20;
  const std::string bomb = gzip(std::string(200 << 20, 'x'));
  const auto records = read(
      {put("a.warc", warc_record("response", "bomb", http(bomb, "Content-Encoding: gzip\r\n")) +
                         page("good"))},
      options);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].url, "good");
  EXPECT_EQ(statistics_.broken, 1u);
  EXPECT_NE(first_reason().find("grows beyond"), std::string::npos);
}

TEST_F(WarcSourceTest, PassesOverBrokenWarcRecords) {
  const std::string not_http = warc_record("response", "x", "no http here");
  const std::string bad_length = warc_record("response", "y", http("<p>"), "many");
  const std::string too_long = warc_record("response", "z", http("<p>"), "1000000");
  for (const std::string& broken : {not_http, bad_length, std::string("garbage\r\n")}) {
    const auto records = read({put("a.warc", page("1") + broken + page("2"))});
    ASSERT_EQ(records.size(), 2u) << broken;
    EXPECT_EQ(records[1].url, "2");
    EXPECT_EQ(statistics_.broken, 1u);
    EXPECT_EQ(statistics_.first_broken[0].offset, page("1").size());
  }
  const auto records = read({put("b.warc", page("1") + too_long + page("2"))});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].url, "2");
  EXPECT_EQ(statistics_.broken, 1u);
  EXPECT_EQ(read({put("c.warc", page("1") + page("2").substr(0, 190))}).size(), 1u);
  EXPECT_EQ(statistics_.broken, 1u);
}

// Its fields are not taken for those of the record behind it.
TEST_F(WarcSourceTest, AHeaderThatIsCutEndsWhereTheNextRecordBegins) {
  const std::string cut = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 9";
  const auto records = read({put("a.warc", cut + "\r\n" + page("one") + cut + "\n" + page("two"))});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].url, "one");
  EXPECT_EQ(records[0].offset, cut.size() + 2);
  EXPECT_EQ(records[1].url, "two");
  EXPECT_EQ(statistics_.broken, 2u);
  EXPECT_NE(first_reason().find("has no end"), std::string::npos) << first_reason();
}

TEST_F(WarcSourceTest, GoesOnAtTheNextMemberBehindDamage) {
  std::string damaged = gzip(page("2", std::string(100000, 'x')));
  for (std::size_t i = damaged.size() / 2; i < damaged.size(); ++i) damaged[i] = 'x';
  const auto records = read({put("a.warc.gz", gzip(page("1")) + damaged + gzip(page("3")))});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].url, "1");
  EXPECT_EQ(records[1].url, "3");
  EXPECT_EQ(statistics_.broken, 1u);
  EXPECT_NE(first_reason().find("damaged"), std::string::npos) << first_reason();
}

TEST_F(WarcSourceTest, LeavesOutWhatIsNoPage) {
  const std::string warc =
      warc_record("request", "a", "GET / HTTP/1.1\r\n\r\n") + warc_record("revisit", "b", "") +
      warc_record("response", "c", http("\x89PNG", "", "image/png")) +
      warc_record("response", "d", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>") +
      page("e");
  EXPECT_EQ(read({put("a.warc", warc)}).size(), 1u);
  EXPECT_EQ(statistics_.not_text, 4u);
  EXPECT_EQ(statistics_.broken, 0u);
}

TEST_F(WarcSourceTest, TellsWhereARecordIsFrom) {
  const std::string first = page("http://a/");
  const auto records = read({put("a.warc.gz", gzip(first) + gzip(page("<http://b/>")))});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].url, "http://a/");
  EXPECT_EQ(records[1].url, "http://b/");  // WARC 1.0 of some tools
  EXPECT_EQ(records[1].offset, first.size());
  EXPECT_EQ(records[1].date, "2020-01-02T03:04:05Z");
  EXPECT_EQ(records[1].charset, "gbk");
}

TEST_F(WarcSourceTest, ReadsExtractedTextOfWetFiles) {
  const std::string wet =
      "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\ninfo\r\n\r\n"
      "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a/\r\n"
      "Content-Type: text/plain\r\nContent-Length: 11\r\n\r\nplain words\r\n\r\n";
  const auto records = read({put("a.warc.wet", wet)});
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].bytes, "plain words");
  EXPECT_EQ(records[0].kind, RawKind::kText);
}

// Files of real crawlers, with clipped and revisited records, Brotli, logs of the crawl among the
// pages, WARC 0.18. Pages are as many as FastWARC finds, where it reads the file; ARC, the format
// before WARC, and LZ4 are not read.
TEST_F(WarcSourceTest, ReadsTheQuirksOfRealCrawlers) {
  struct Expected {
    std::string_view name;
    std::size_t records, broken, not_text;
  };
  const Expected expected[] = {{"badexample.arc.gz", 0, 0, 0},
                               {"arc/example.arc.gz", 0, 0, 0},
                               {"example.docs.warc.gz", 0, 0, 21},
                               {"example.txt.warc.gz", 1, 0, 5},
                               {"warc/example.warc.gz", 129, 0, 693},
                               {"issue-493.warc", 4, 0, 28},
                               {"issue-514.warc", 1, 0, 7},
                               {"sample-0000.warc.gz", 22, 0, 26},
                               {"sample-0001.warc.gz", 15, 0, 19},
                               {"bad.arc", 0, 0, 0},
                               {"dupes.warc.gz", 1, 0, 24},
                               {"example-bad.warc.gz.bad", 1, 0, 5},
                               {"example-extra.warc", 1, 1, 4},
                               {"example-url-agnostic-orig.warc.gz", 1, 0, 1},
                               {"example-url-agnostic-revisit.warc.gz", 0, 0, 2},
                               {"example-wget-1-14.warc.gz", 1, 0, 5},
                               {"example-wpull.warc.gz", 1, 0, 3},
                               {"example.arc", 0, 0, 0},
                               {"warcs/example.arc.gz", 0, 0, 0},
                               {"example.warc", 1, 1, 5},
                               {"warcs/example.warc.gz", 1, 0, 5},
                               {"example2.warc.gz", 1, 0, 2},
                               {"httpbin-resource.warc.gz", 0, 0, 1},
                               {"iana.warc.gz", 16, 0, 327},
                               {"missing-status-text.warc", 0, 1, 0},
                               {"post-test.warc.gz", 0, 0, 6},
                               {"block-sized-records.warc", 0, 0, 3},
                               {"block-sized-records.warc.gz", 0, 0, 3},
                               {"block-sized-records.warc.lz4", 0, 0, 0},
                               {"clipped.warc.gz", 0, 1, 0},
                               {"clueweb-quirk.warc.gz", 29, 0, 1},
                               {"warcfile.warc", 16, 0, 34},
                               {"warcfile.warc.gz", 16, 0, 34},
                               {"warcfile.warc.lz4", 0, 0, 0},
                               {"IAH-20080430204825-00000-blackbook-truncated.arc", 0, 0, 0},
                               {"IAH-20080430204825-00000-blackbook-truncated.arc.gz", 0, 0, 0},
                               {"IAH-20080430204825-00000-blackbook-truncated.warc", 3, 0, 20},
                               {"IAH-20080430204825-00000-blackbook-truncated.warc.gz", 3, 0, 20},
                               {"IAH-urls-wget.warc.gz", 3, 0, 33},
                               {"transfer_compression_brotli.warc", 1, 0, 4},
                               {"transfer_compression_brotli.warc.gz", 1, 0, 4},
                               {"transfer_compression_gzip.warc", 1, 0, 4},
                               {"transfer_compression_gzip.warc.gz", 1, 0, 4},
                               {"transfer_compression_none.warc", 1, 0, 4},
                               {"transfer_compression_none.warc.gz", 1, 0, 4},
                               {"BL-20140325121225068-00000-32090~oper", 34, 0, 156},
                               {"BL-20140325122341434-00000-32090~oper", 6, 0, 184},
                               {"ip-host-testcase.warc.gz", 0, 0, 6},
                               {"truncated_datetime.warc", 1, 0, 4},
                               {"flashfrozen-jwat-recompressed.warc.gz", 2, 0, 80},
                               {"whirlwind.warc", 1, 0, 3},
                               {"whirlwind.warc.gz", 1, 0, 3},
                               {"whirlwind.warc.wat", 0, 0, 2},
                               {"whirlwind.warc.wat.gz", 0, 0, 2},
                               {"whirlwind.warc.wet", 1, 0, 1},
                               {"whirlwind.warc.wet.gz", 1, 0, 1}};
  const auto files = test_archive("warc-and-tokenizers.tar.zst", "");
  if (files.empty()) GTEST_SKIP() << "set PITH_DATA to the folder with warc-and-tokenizers.tar.zst";
  for (const Expected& due : expected) {
    const auto file = std::find_if(files.begin(), files.end(), [&](const auto& entry) {
      return entry.first.ends_with(due.name);
    });
    ASSERT_NE(file, files.end()) << due.name;
    const auto records = read({put(file_name(file->first), file->second)});
    EXPECT_EQ(records.size(), due.records) << due.name;
    EXPECT_EQ(statistics_.broken, due.broken) << due.name << ": " << first_reason();
    EXPECT_EQ(statistics_.not_text, due.not_text) << due.name;
    for (const RawRecord& record : records) EXPECT_NE(record.url, "") << due.name;
  }
}

}  // namespace
}  // namespace pith
