#include "pith/text/normal_form.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(NormalFormTest, TextInFormCIsNotCopied) {
  std::string storage;
  for (const std::string_view text :
       {std::string_view("plain"), std::string_view("\u00E9\u4E2D"), std::string_view("")}) {
    EXPECT_EQ(to_nfc(text, storage).data(), text.data());
    EXPECT_TRUE(storage.empty());
  }
}

TEST(NormalFormTest, MarksAreComposed) {
  std::string storage = "left over";
  EXPECT_EQ(to_nfc("e\u0301", storage), "\u00E9");
  EXPECT_EQ(to_nfc("\u1112\u1161\u11AB", storage), "\uD55C");
  // Marks are put in order first; a singleton loses its own code point.
  EXPECT_EQ(to_nfc("a\u0301\u0323", storage), "\u1EA1\u0301");
  EXPECT_EQ(to_nfc("\u212B", storage), "\u00C5");
}

}  // namespace
}  // namespace pith
