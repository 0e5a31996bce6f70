#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/random.h"
#include "pith/base/test_folder.h"
#include "pith/curate/pipeline/first_stage.h"
#include "pith/curate/pipeline/later_stages.h"

// A raw corpus made on the spot: for the tests of curation.
namespace pith {

// English prose without sense: sentences of common words with a full stop, so that filters like it.
inline std::string prose(std::uint64_t seed, int sentences, std::string_view subject = "river") {
  static const std::vector<std::string> kWords = {
      "the",    "of",      "and",     "that",    "have",    "with",    "to",       "be",
      "water",  "stone",   "morning", "people",  "village", "carried", "slowly",   "through",
      "valley", "bright",  "market",  "ancient", "wooden",  "bridge",  "children", "walked",
      "under",  "heavy",   "clouds",  "while",   "music",   "played",  "near",     "harbour",
      "ships",  "arrived", "from",    "distant", "islands"};
  Random random(seed, "prose");
  std::string text;
  for (int s = 0; s < sentences; ++s) {
    text += "The " + std::string(subject);
    const std::uint64_t words = 8 + random.below(8);
    for (std::uint64_t w = 0; w < words; ++w) text += " " + kWords[random.below(kWords.size())];
    text += s % 4 == 3 ? ".\n\n" : ". ";
  }
  return text;
}

inline std::string chinese(std::uint64_t seed, int sentences) {
  static const std::vector<std::string> kWords = {
      "的",   "在",   "是",   "和",   "我们", "学习", "机器", "今天", "天气", "城市",
      "老师", "学生", "河流", "早上", "走过", "看见", "一个", "有",   "人",   "美丽"};
  Random random(seed, "chinese");
  std::string text;
  for (int s = 0; s < sentences; ++s) {
    for (int w = 0; w < 14; ++w) text += kWords[random.below(kWords.size())];
    text += s % 4 == 3 ? "。\n\n" : "。";
  }
  return text;
}

inline std::string html(const std::string& title, const std::string& text) {
  std::string page = "<!DOCTYPE html><html><head><meta charset=utf-8><title>" + title +
                     "</title></head><body><nav><a href=/>Home</a> <a href=/a>About</a></nav>"
                     "<article><h1>" +
                     title + "</h1>";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find("\n\n", at), text.size());
    page += "<p>" + text.substr(at, end - at) + "</p>\n";
    at = end + 2;
  }
  return page + "</article><footer>Copyright</footer></body></html>";
}

// A stage's surroundings: options over a folder "in" of the test's own, and a work folder.
class StageTest : public testing::Test {
 protected:
  StageTest() {
    options_.inputs = {test_path("in")};
    options_.out = test_path("out");
    context_.threads = 2;
  }

  void put(const std::string& name, const std::string& bytes) {
    ASSERT_TRUE(make_folders(parent_folder(test_path(name))));
    ASSERT_TRUE(write_file(test_path(name), bytes));
  }
  FirstStageResult first_stage() {
    EXPECT_TRUE(make_folders(join_path(folder_.work(), "shards")));
    auto result = run_first_stage(options_, nullptr, folder_, context_);
    EXPECT_TRUE(result) << result.error().message;
    return result ? std::move(result).value() : FirstStageResult();
  }

  CurateOptions options_;
  Context context_;
  const WorkFolder folder_{test_path("out")};
};

// The same for the stages behind the first, with several small shards and no filters.
class LaterStageTest : public StageTest {
 protected:
  LaterStageTest() {
    options_.shard_raw_bytes = 6000;
    options_.filters = false;
  }

  // Runs the first stage over the texts; documents are numbered in their order.
  void put_all(const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      put("in/" + std::to_string(100 + i) + ".txt", texts[i]);
    }
    shards_ = first_stage().shards;
  }
  DuplicateColumns duplicates() {
    auto columns = run_duplicate_stage(options_, folder_, shards_, context_);
    EXPECT_TRUE(columns) << columns.error().message;
    return columns ? std::move(columns).value() : DuplicateColumns();
  }

  std::size_t shards_ = 0;
};

}  // namespace pith
