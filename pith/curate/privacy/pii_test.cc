#include "pith/curate/privacy/pii.h"

#include <string>

#include "gtest/gtest.h"

namespace pith {
namespace {

std::string masked(std::string_view text, const PiiKinds& kinds = {}) {
  std::string storage;
  return std::string(mask_pii(text, kinds, storage).text);
}

TEST(PiiTest, EveryKindIsMaskedInItsPlace) {
  EXPECT_EQ(masked("写信给 zhang.san@mail.tsinghua.edu.cn，电话 138-1234-5678。"),
            "写信给 <EMAIL>，电话 <PHONE>。");
  EXPECT_EQ(masked("身份证号11010519491231002X，卡号 6222 0212 3456 7890 129"),
            "身份证号<ID_NUMBER>，卡号 6222 0212 3456 7890 129");
  EXPECT_EQ(masked("Visa 4111 1111 1111 1111, mail a@b.org"), "Visa <CARD>, mail <EMAIL>");
}

TEST(PiiTest, CountsAreOfEachKind) {
  std::string storage;
  const MaskedText result =
      mask_pii("a@b.org, c@d.org, +49 30 901820, 4111111111111111", PiiKinds{}, storage);
  EXPECT_EQ(result.counts, (PiiCounts{2, 1, 0, 1, 0}));
}

TEST(PiiTest, AnUnwantedKindStays) {
  PiiKinds kinds;
  kinds.wanted[static_cast<std::size_t>(PiiKind::kEmail)] = false;
  EXPECT_EQ(masked("a@b.org 13812345678", kinds), "a@b.org <PHONE>");
  kinds.wanted.fill(false);
  EXPECT_EQ(masked("a@b.org 13812345678", kinds), "a@b.org 13812345678");
}

TEST(PiiTest, AnAddressThatBeginsWithANumberIsOne) {
  EXPECT_EQ(masked("13812345678@qq.com"), "<EMAIL>");
}

TEST(PiiTest, TextWithoutFindsIsReturnedUntouched) {
  std::string storage;
  const std::string_view text = "Version 1.2.3 of 2024-05-06, page 17 (of 300).";
  EXPECT_EQ(mask_pii(text, PiiKinds{}, storage).text.data(), text.data());
  EXPECT_EQ(masked(""), "");
}

TEST(PiiTest, AwkwardTextCostsLinearTime) {
  for (const std::string unit : {"1", "1.", "@", "a@", "a.", "-", "(1", "+1 ", "eyJ", "-----BEGIN ",
                                 "password=", "\xff", "1 "}) {
    std::string text;
    while (text.size() < (4u << 20)) text += unit;
    std::vector<PiiSpan> spans;
    find_pii(text, PiiKinds{}, spans);
    EXPECT_LT(spans.size(), text.size() / 8) << unit;
  }
}

}  // namespace
}  // namespace pith
