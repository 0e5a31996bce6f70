#include "pith/text/pretokenizer.h"

#include <gtest/gtest.h>
#include <unicode/regex.h>

#include <string>
#include <vector>

#include "pith/text/awkward_text.h"

namespace pith {
namespace {

using Pieces = std::vector<std::string>;

Pieces split(PretokenizerKind kind, std::string_view text) {
  Pieces pieces;
  for_each_pretoken(kind, text, [&](std::string_view piece) { pieces.emplace_back(piece); });
  return pieces;
}

// The matches of the published pattern. Its \s is White_Space, which ICU's is not.
class IcuSplitter {
 public:
  explicit IcuSplitter(PretokenizerKind kind) {
    std::string pattern(pretokenizer_pattern(kind));
    for (const auto& [from, to] : {std::pair(std::string("\\s"), std::string("\\p{White_Space}")),
                                   {std::string("\\S"), std::string("\\P{White_Space}")}}) {
      for (std::size_t at; (at = pattern.find(from)) != std::string::npos;) {
        pattern.replace(at, from.size(), to);
      }
    }
    UErrorCode status = U_ZERO_ERROR;
    matcher_ =
        std::make_unique<icu::RegexMatcher>(icu::UnicodeString::fromUTF8(pattern), 0, status);
    EXPECT_TRUE(U_SUCCESS(status));
  }

  Pieces operator()(std::string_view text) {
    const auto source = icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    matcher_->reset(source);
    Pieces pieces;
    UErrorCode status = U_ZERO_ERROR;
    while (matcher_->find(status)) {
      std::string& piece = pieces.emplace_back();
      source.tempSubStringBetween(matcher_->start(status), matcher_->end(status))
          .toUTF8String(piece);
    }
    return pieces;
  }

 private:
  std::unique_ptr<icu::RegexMatcher> matcher_;
};

constexpr PretokenizerKind kKinds[] = {PretokenizerKind::kGpt4, PretokenizerKind::kGpt2,
                                       PretokenizerKind::kQwen2};

TEST(PretokenizerTest, SplitsAsThePublishedPatternsDo) {
  Random random(1);
  for (const PretokenizerKind kind : kKinds) {
    IcuSplitter expected(kind);
    for (int i = 0; i < 4'000; ++i) {
      const std::string text = awkward_text(random, 1 + random.below(i < 3'000 ? 6 : 60));
      ASSERT_EQ(split(kind, text), expected(text)) << testing::PrintToString(text);
    }
  }
}

TEST(PretokenizerTest, ScansWhatPeopleWrite) {
  EXPECT_EQ(split(PretokenizerKind::kGpt4, "I've 12345 cats!!\n\n  They'LL eat 中文字。 "),
            (Pieces{"I", "'ve", " ", "123", "45", " cats", "!!\n\n", " ", " They", "'LL", " eat",
                    " 中文字", "。", " "}));
  EXPECT_EQ(split(PretokenizerKind::kGpt2, "I've 12345 cats!!\n\n  They'LL"),
            (Pieces{"I", "'ve", " 12345", " cats", "!!", "\n\n ", " They", "'", "LL"}));
  EXPECT_EQ(split(PretokenizerKind::kQwen2, "a 12"), (Pieces{"a", " ", "1", "2"}));
}

TEST(PretokenizerTest, NothingIsNoPretoken) {
  EXPECT_TRUE(split(PretokenizerKind::kGpt4, "").empty());
}

TEST(PretokenizerTest, LongRunsTakeLinearTime) {
  // A quadratic scan of any of these would take minutes.
  for (const PretokenizerKind kind : kKinds) {
    for (const char* run : {" ", "\n", "a", ".", " \n", "\u3000", "'"}) {
      std::string text;
      while (text.size() < 2'000'000) text += run;
      std::size_t bytes = 0;
      for_each_pretoken(kind, text, [&](std::string_view piece) { bytes += piece.size(); });
      EXPECT_EQ(bytes, text.size());
    }
  }
}

}  // namespace
}  // namespace pith
