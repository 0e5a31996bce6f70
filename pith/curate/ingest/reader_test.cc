#include "pith/curate/ingest/reader.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "pith/base/byte_stream.h"
#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

namespace fs = std::filesystem;

class RawReaderTest : public testing::Test {
 protected:
  std::string put(const std::string& name, const std::string& bytes) {
    const std::string path = join_path(folder_, name);
    EXPECT_TRUE(make_folders(parent_folder(path)));
    EXPECT_TRUE(write_file(path, bytes));
    return path;
  }

  std::vector<RawRecord> read(const std::vector<std::string>& inputs, IngestOptions options = {}) {
    Result<RawReader> reader = RawReader::open(inputs, options, Context());
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().message);
    std::vector<RawRecord> records;
    for (RawRecord record;;) {
      const Result<bool> more = reader->next(record);
      EXPECT_TRUE(more);
      if (!more || !*more) break;
      records.push_back(record);
    }
    statistics_ = reader->statistics();
    EXPECT_EQ(statistics_.records, records.size());
    EXPECT_EQ(reader->bytes_done(), reader->bytes_total());
    return records;
  }

  std::string first_reason() const {
    return statistics_.first_broken.empty() ? "" : statistics_.first_broken[0].reason;
  }

  const std::string folder_ = test_folder();
  IngestStatistics statistics_;
};

// What `work` says where permissions count, which they do not for root: in a process of nobody's.
std::string as_nobody(const std::function<std::string()>& work) {
  if (::geteuid() != 0) return work();
  fs::permissions(test_folder(), fs::perms::others_exec, fs::perm_options::add);
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const bool dropped =
        ::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0;
    const std::string said = dropped ? work() : "cannot become nobody";
    ::_exit(::write(ends[1], said.data(), said.size()) < 0 ? 1 : 0);
  }
  ::close(ends[1]);
  std::string said(4096, '\0');
  said.resize(
      static_cast<std::size_t>(std::max<ssize_t>(0, ::read(ends[0], said.data(), said.size()))));
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return said;
}

std::string gzip(const std::string& text) {
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0'), in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& text) {
  ZstdCompressor compressor;
  std::string out;
  compressor.add(text, out);
  compressor.end_frame(out);
  return out;
}

std::string warc_record(const std::string& type, const std::string& url, const std::string& block,
                        const std::string& length = "") {
  return "WARC/1.0\r\nWARC-Type: " + type + "\r\nWARC-Target-URI: " + url +
         "\r\nWARC-Date: 2020-01-02T03:04:05Z\r\nContent-Type: application/http; msgtype=response" +
         "\r\nContent-Length: " + (length.empty() ? std::to_string(block.size()) : length) +
         "\r\n\r\n" + block + "\r\n\r\n";
}

std::string http(const std::string& body, const std::string& fields = "",
                 const std::string& type = "text/html; charset=GBK") {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + fields + "\r\n" + body;
}

std::string page(const std::string& url, const std::string& body = "<p>hello</p>") {
  return warc_record("response", url, http(body));
}

TEST_F(RawReaderTest, ReadsAFolderInOrderByNameAndContent) {
  put("a.html", "<p>one");
  put("b.txt.gz", gzip("two"));
  put("c/README", "three");
  put("d.md.zst", zstd("# four"));
  put("e.jsonl",
      R"({"text": "five", "url": "http://e/", "id": "x", "date": "2020", "title": "T"})");
  put("f.warc", page("http://f/"));
  put("g.dat", "<!DOCTYPE html><p>seven");
  put("h.png", std::string("\x89PNG\r\n\x1a\n\0\0", 10));
  put("i.py", "print(1)");
  put("j.txt", "");
  put("k.txt", std::string("\xFF\xFEk\0", 4));
  const auto records = read({folder_});
  ASSERT_EQ(records.size(), 8u);
  const RawKind kinds[] = {RawKind::kHtml,     RawKind::kText, RawKind::kText, RawKind::kMarkdown,
                           RawKind::kJsonText, RawKind::kHtml, RawKind::kHtml, RawKind::kText};
  const char* const bodies[] = {"<p>one", "two", "three", "# four", "five", "<p>hello</p>"};
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].kind, kinds[i]) << i;
    EXPECT_EQ(records[i].html, kinds[i] == RawKind::kHtml);
    if (i < std::size(bodies)) {
      EXPECT_EQ(records[i].bytes, bodies[i]);
    }
  }
  EXPECT_EQ(records[4].url, "http://e/");
  EXPECT_EQ(records[4].id + records[4].date + records[4].title, "x2020T");
  EXPECT_EQ(records[5].charset, "gbk");
  EXPECT_EQ(records[5].content_type, "text/html");
  EXPECT_EQ(records[5].date, "2020-01-02T03:04:05Z");
  EXPECT_EQ(statistics_.broken, 0u);
  EXPECT_EQ(statistics_.skipped_files, (std::map<std::string, std::uint64_t>{
                                           {"binary", 1}, {"empty", 1}, {"unknown type", 1}}));
}

TEST_F(RawReaderTest, SaysWhatIsWrongWithAnInput) {
  const auto message = [](const std::string& input) {
    const auto reader = RawReader::open({input}, "text");
    return reader ? std::string() : reader.error().message;
  };
  EXPECT_NE(message(folder_ + "/none").find("no such file"), std::string::npos);
  EXPECT_NE(message(folder_).find("holds no file"), std::string::npos);
  const std::string path = put("closed.txt", "x");
  fs::permissions(path, fs::perms::none);
  EXPECT_NE(as_nobody([&] { return message(path); }).find("no permission"), std::string::npos);
}

TEST_F(RawReaderTest, SurvivesSymbolicLinksInACircle) {
  put("a/one.txt", "one");
  fs::create_directory_symlink(folder_, folder_ + "/a/back");
  fs::create_symlink("loop", folder_ + "/loop");
  EXPECT_EQ(read({folder_}).size(), 1u);
}

TEST_F(RawReaderTest, CountsBrokenJsonLinesAndGoesOn) {
  IngestOptions options;
  options.max_record_bytes = 1000;
  const std::string path = put(
      "a.jsonl",
      "\xEF\xBB\xBF{\"text\": \"one\"}\r\n\n[1]\n{\"text\": 5}\n{\"other\": \"x\"}\n{\"text\": "
      "\"cut\n{\"text\": \"a\"} {\"text\": \"b\"}\n{\"text\": \"" +
          std::string(5000, 'y') + "\"}\n{\"text\": \"bad \xFF byte\", \"meta\": {\"text\": 1}}\n" +
          "{\"text\": \"sm\\u00f6rg\\u00e5s \\ud83d\\ude00\"}");
  const auto records = read({path}, options);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].bytes, "one");
  EXPECT_EQ(records[1].bytes, "bad \xEF\xBF\xBD byte");
  EXPECT_EQ(records[2].bytes, "smörgås 😀");
  EXPECT_EQ(statistics_.broken, 6u);
  EXPECT_NE(first_reason().find("line 3: not a JSON object"), std::string::npos) << first_reason();
  EXPECT_NE(statistics_.first_broken[2].reason.find("--text-field"), std::string::npos);
  EXPECT_NE(statistics_.first_broken[5].reason.find("longer than"), std::string::npos);
}

TEST_F(RawReaderTest, ReadsAnotherTextField) {
  IngestOptions options;
  options.text_field = "content";
  const auto records = read({put("a.json", R"({"text": "no", "content": "yes"})")}, options);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].bytes, "yes");
}

TEST_F(RawReaderTest, NamesAFileThatIsTooLarge) {
  IngestOptions options;
  options.max_record_bytes = 10000;
  put("a.txt", std::string(10001, 'x'));
  put("b.txt.gz", gzip(std::string(5000000, 'x')));
  put("c.txt", std::string(10000, 'x'));
  EXPECT_EQ(read({folder_}, options).size(), 1u);
  EXPECT_EQ(statistics_.broken, 2u);
  EXPECT_EQ(statistics_.first_broken[0].file_path, folder_ + "/a.txt");
  EXPECT_NE(first_reason().find("larger than 10000"), std::string::npos);
}

TEST_F(RawReaderTest, DeliversWhatCameBeforeATruncation) {
  std::string lines;
  for (int i = 0; i < 20000; ++i) lines += "{\"text\": \"" + std::to_string(i * 7919) + "\"}\n";
  for (const std::string& packed : {gzip(lines), zstd(lines)}) {
    const auto records = read({put("a.jsonl", packed.substr(0, packed.size() / 2))});
    EXPECT_GT(records.size(), 5000u);
    EXPECT_EQ(statistics_.broken, 1u);
    EXPECT_NE(first_reason().find("ends in the middle"), std::string::npos) << first_reason();
  }
}

TEST_F(RawReaderTest, DecodesHttpBodies) {
  const std::string body = "<p>a page</p>";
  const std::string chunks = "5\r\n<p>a \r\n8;x=y\r\npage</p>\r\n0\r\n\r\n";
  std::string warc;
  const auto add = [&](const std::string& block) { warc += warc_record("response", "u", block); };
  add(http(chunks, "Transfer-Encoding: chunked\r\n"));
  add(http(body, "Transfer-Encoding: chunked\r\n"));  // stored without its chunks
  add(http(gzip(body), "Content-Encoding: gzip\r\n"));
  add(http(body, "Content-Encoding: gzip\r\n"));  // stored decompressed
  add(http(body, "Content-Encoding: br\r\n"));
  add(http(chunks.substr(0, chunks.size() - 5), "Transfer-Encoding: chunked\r\n"));
  const auto records = read({put("a.warc", warc)});
  ASSERT_EQ(records.size(), 6u);
  for (const RawRecord& record : records) EXPECT_EQ(record.bytes, body);
}

TEST_F(RawReaderTest, ABombInABodyIsOneBrokenRecord) {
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

TEST_F(RawReaderTest, PassesOverBrokenWarcRecords) {
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

TEST_F(RawReaderTest, GoesOnAtTheNextMemberBehindDamage) {
  std::string damaged = gzip(page("2", std::string(100000, 'x')));
  for (std::size_t i = damaged.size() / 2; i < damaged.size(); ++i) damaged[i] = 'x';
  const auto records = read({put("a.warc.gz", gzip(page("1")) + damaged + gzip(page("3")))});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].url, "1");
  EXPECT_EQ(records[1].url, "3");
  EXPECT_EQ(statistics_.broken, 1u);
  EXPECT_NE(first_reason().find("damaged"), std::string::npos) << first_reason();
}

TEST_F(RawReaderTest, LeavesOutWhatIsNoPage) {
  const std::string warc =
      warc_record("request", "a", "GET / HTTP/1.1\r\n\r\n") + warc_record("revisit", "b", "") +
      warc_record("response", "c", http("\x89PNG", "", "image/png")) +
      warc_record("response", "d", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>") +
      page("e");
  EXPECT_EQ(read({put("a.warc", warc)}).size(), 1u);
  EXPECT_EQ(statistics_.not_text, 4u);
  EXPECT_EQ(statistics_.broken, 0u);
}

TEST_F(RawReaderTest, GoesOnFromEveryCursor) {
  put("a.txt", "zero");
  put("b.jsonl", "{\"text\": \"one\"}\nbroken\n{\"text\": \"two\"}\n");
  put("c.warc.gz", gzip(page("1")) + gzip(page("2")));
  put("d.png", std::string(10, '\0'));
  Result<RawReader> reader = RawReader::open({folder_}, "text");
  ASSERT_TRUE(reader);
  std::vector<Json> cursors = {reader->cursor()};
  std::vector<std::string> bodies;
  for (RawRecord record; *reader->next(record);) {
    bodies.push_back(record.bytes);
    cursors.push_back(reader->cursor());
  }
  ASSERT_EQ(bodies.size(), 5u);
  cursors.push_back(reader->cursor());
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    Result<RawReader> again = RawReader::open({folder_}, "text");
    ASSERT_TRUE(again->seek(cursors[i]));
    std::vector<std::string> rest;
    for (RawRecord record; *again->next(record);) rest.push_back(record.bytes);
    EXPECT_EQ(rest, std::vector<std::string>(
                        bodies.begin() + static_cast<std::ptrdiff_t>(std::min(i, bodies.size())),
                        bodies.end()));
  }
  ASSERT_TRUE(remove_tree(folder_ + "/a.txt"));
  Result<RawReader> changed = RawReader::open({folder_}, "text");
  EXPECT_FALSE(changed->seek(cursors[2]));
}

}  // namespace
}  // namespace pith
