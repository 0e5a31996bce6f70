#include "pith/curate/extract/cue_words.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

std::uint64_t hash(std::string_view word) {
  std::uint64_t h = kCueHashStart;
  for (const char c : word) h = cue_hash_step(h, c);
  return h;
}

TEST(CueWordsTest, NamesOfElementsSpeakForOrAgainst) {
  for (const char* word : {"footer", "cookie", "menu", "sidebar", "breadcrumb", "related"}) {
    EXPECT_LT(name_cue(hash(word)), -0.2f) << word;
  }
  for (const char* word : {"article", "entry-content"}) EXPECT_GT(name_cue(hash(word)), 0) << word;
}

TEST(CueWordsTest, WordsOfShortBlocksSpeakToo) {
  EXPECT_LT(text_cue(hash("privacy")), -0.2f);
  EXPECT_LT(text_cue(hash("cookies")), -0.2f);
  EXPECT_NE(text_cue(hash("privacy")), name_cue(hash("privacy")));  // two tables
}

TEST(CueWordsTest, OtherWordsSayNothing) {
  for (const char* word : {"", "xyzzy", "Footer", "foote", "footerr"}) {
    EXPECT_EQ(name_cue(hash(word)), 0.0f) << word;
    EXPECT_EQ(text_cue(hash(word)), 0.0f) << word;
  }
}

}  // namespace
}  // namespace pith
