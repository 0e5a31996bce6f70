#include "pith/curate/pipeline/document_pass.h"

#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

class DocumentPassTest : public testing::Test {
 protected:
  DocumentPassTest() { EXPECT_TRUE(make_folders(test_path(""))); }

  PassFile put(const std::string& name, const std::vector<std::string>& lines, bool numbered) {
    std::string bytes;
    for (const std::string& line : lines) bytes += line + "\n";
    EXPECT_TRUE(write_file(test_path(name), bytes));
    return {test_path(name), numbered};
  }
  static std::vector<std::string> lines(std::size_t n, std::size_t length) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < n; ++i) all.emplace_back(length, static_cast<char>('a' + i % 26));
    return all;
  }
  // Number and length of every line, and how many blocks there were.
  struct Seen {
    std::vector<std::pair<std::size_t, std::size_t>> lines;
    std::size_t blocks = 0;
  };
  Seen pass(const std::vector<PassFile>& files, int threads) {
    Context context;
    context.threads = threads;
    context.on_progress = [&](const Progress& progress) { last_ = progress; };
    Seen all;
    using Lines = std::vector<std::pair<std::size_t, std::size_t>>;
    EXPECT_TRUE(pass_documents<Lines>(
        files, "test", context,
        [](std::size_t, const DocumentBlock& block) -> Result<Lines> {
          Lines found;
          const auto on_line = [&](std::size_t number, std::string_view line) -> Status {
            found.emplace_back(number, line.size());
            return {};
          };
          PITH_TRY(for_each_line(block, on_line));
          return found;
        },
        [&](const Lines& found) -> Status {
          all.lines.insert(all.lines.end(), found.begin(), found.end());
          ++all.blocks;
          return {};
        }));
    return all;
  }

  Progress last_;
};

TEST_F(DocumentPassTest, DocumentsComeInOrderAndNumberedThrough) {
  // The first fills two blocks and a half; then an empty file, and one longer than a block.
  const std::vector<PassFile> files = {
      put("a", lines(25, BlockReader::kBlockBytes / 10), true), put("b", {}, true),
      put("c", lines(3, 2 * BlockReader::kBlockBytes), true), put("d", lines(2, 5), true)};
  const Seen once = pass(files, 1);
  ASSERT_EQ(once.lines.size(), 30u);
  for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(once.lines[i].first, i);
  EXPECT_EQ(once.lines[24].second, BlockReader::kBlockBytes / 10);
  EXPECT_EQ(once.lines[26].second, 2 * BlockReader::kBlockBytes);
  EXPECT_EQ(once.blocks, 3u + 3 + 1);
  EXPECT_EQ(last_.done, last_.total);
  EXPECT_GT(last_.total, 0u);
  const Seen again = pass(files, 3);
  EXPECT_EQ(again.lines, once.lines);
  EXPECT_EQ(again.blocks, once.blocks);
}

TEST_F(DocumentPassTest, SomeFilesHaveNoNumbers) {
  const Seen seen = pass({put("a", lines(2, 1), false), put("b", lines(2, 2), true),
                          put("c", lines(1, 3), false), put("d", lines(1, 4), true)},
                         2);
  std::vector<std::size_t> numbered;
  for (const auto& [number, length] : seen.lines) {
    if (length % 2 == 0) numbered.push_back(number);
  }
  EXPECT_EQ(numbered, (std::vector<std::size_t>{0, 1, 2}));
}

TEST_F(DocumentPassTest, AnErrorOfALineNamesTheFile) {
  const Status status = pass_documents<int>(
      {put("a", lines(2, 1), true)}, "test", Context{},
      [](std::size_t, const DocumentBlock& block) -> Result<int> {
        PITH_TRY(for_each_line(
            block, [](std::size_t, std::string_view) -> Status { return format_error("is bad"); }));
        return 1;
      },
      [](int) { return Status(); });
  EXPECT_EQ(status.error().message,
            "[curate] " + test_path("a") + ": a line is bad; remove the work folder");
}

TEST_F(DocumentPassTest, StoppedItSaysSo) {
  const std::atomic<bool> stop = true;
  Context context;
  context.stop = &stop;
  const Status status = pass_documents<int>(
      {put("a", lines(2, 1), true)}, "test", context,
      [](std::size_t, const DocumentBlock&) -> Result<int> { return 1; },
      [](int) { return Status(); });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInterrupted);
}

}  // namespace
}  // namespace pith
