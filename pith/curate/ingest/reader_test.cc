#include "pith/curate/ingest/reader.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "pith/curate/ingest/raw_reader_test.h"

namespace pith {
namespace {

namespace fs = std::filesystem;

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

// Sixteen of 64 equal pages, and of as many records of one file, give or take chance.
TEST_F(RawReaderTest, ReadsARandomPart) {
  std::string lines;
  for (int i = 0; i < 64; ++i) {
    put("pages/" + std::to_string(i) + ".html", "<p>" + std::string(500, 'x'));
    lines += R"({"text": ")" + std::to_string(1000 + i) + std::string(500, 'x') + "\"}\n";
  }
  const std::string shard = put("lines.jsonl", lines);
  for (const std::string& input : {join_path(folder_, "pages"), shard}) {
    IngestOptions options;
    options.read_bytes = 64 * 505 / 4;
    const auto part = read({input}, options);
    EXPECT_GE(part.size(), 6u) << input;
    EXPECT_LE(part.size(), 28u) << input;
    const auto same = read({input}, options);
    ASSERT_EQ(same.size(), part.size());
    EXPECT_EQ(same.back().bytes, part.back().bytes);
    options.read_bytes *= 2;  // what was in the smaller part is in the larger one too
    const auto more = read({input}, options);
    EXPECT_GT(more.size(), part.size());
    for (const RawRecord& record : part) {
      const auto found = std::find_if(more.begin(), more.end(), [&](const RawRecord& other) {
        return other.file_path == record.file_path && other.offset == record.offset;
      });
      EXPECT_NE(found, more.end()) << record.file_path;
    }

    Result<RawReader> reader = RawReader::open({input}, options, Context());
    ASSERT_TRUE(reader);
    RawRecord record;
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(reader->next(record));
    Result<RawReader> again = RawReader::open({input}, options, Context());
    ASSERT_TRUE(again);
    ASSERT_TRUE(again->seek(reader->cursor()));
    ASSERT_TRUE(again->next(record));
    EXPECT_EQ(record.file_path, more[5].file_path);
    EXPECT_EQ(record.offset, more[5].offset);
  }
  EXPECT_EQ(statistics_.skipped_files.size(), 0u);  // of the file of lines: records were left out
}

TEST_F(RawReaderTest, APartOfAFewLargeFilesIsNotNothing) {
  for (int i = 0; i < 5; ++i) put(std::to_string(i) + ".txt", std::string(10000, 'x'));
  IngestOptions options;
  options.read_bytes = 1;
  EXPECT_EQ(read({folder_}, options).size(), 1u);
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
  EXPECT_EQ(statistics_.skipped_files.at("link to a folder"), 1u);
  EXPECT_EQ(statistics_.skipped_files.at("no regular file"), 1u);
}

TEST_F(RawReaderTest, RefusesAPipeAndPassesOverOneInAFolder) {
  put("a.txt", "one");
  const std::string pipe = folder_ + "/pipe.txt";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto named = RawReader::open({pipe}, "text");  // would wait for ever
  ASSERT_FALSE(named);
  EXPECT_NE(named.error().message.find("is a pipe"), std::string::npos);
  EXPECT_EQ(read({folder_}).size(), 1u);
  EXPECT_EQ(statistics_.skipped_files.at("no regular file"), 1u);
}

// What goes on later reads the cursor out of JSON, which holds no bytes but UTF-8.
TEST_F(RawReaderTest, GoesOnAtAFileWhoseNameIsNoUtf8) {
  put("a\xFF.txt", "zero");
  put("b\xE4\xB8.txt", "one");
  fs::create_symlink("loop", folder_ + "/loop");
  Result<RawReader> reader = RawReader::open({folder_}, "text");
  RawRecord record;
  ASSERT_TRUE(*reader->next(record));
  for (const bool more : {true, false}) {
    const Json cursor = parse_json(reader->cursor().dump(), "cursor").value();
    Result<RawReader> again = RawReader::open({folder_}, "text");
    const Status sought = again->seek(cursor);
    ASSERT_TRUE(sought) << sought.error().message;
    EXPECT_EQ(again->statistics().skipped_files.size(), 0u) << "counted before";
    EXPECT_EQ(*again->next(record), more);
    EXPECT_EQ(again->statistics().skipped_files.size(), 0u) << "counted twice";
    EXPECT_EQ(*reader->next(record), more);
  }
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
