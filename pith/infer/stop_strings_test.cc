#include "pith/infer/stop_strings.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

// What is shown when `text` comes in pieces of `piece` bytes.
std::string shown(const std::vector<std::string>& strings, std::string_view text,
                  std::size_t piece) {
  StopStrings stop(strings);
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += piece) out += stop.add(text.substr(i, piece));
  return out + stop.finish();
}

TEST(StopStringsTest, CutsAtTheFirstHoweverThePiecesFall) {
  for (std::size_t piece = 1; piece < 12; ++piece) {
    EXPECT_EQ(shown({"\n\n", "User:"}, "ab\nc\n\nUser: d", piece), "ab\nc");
    EXPECT_EQ(shown({"\n\n", "User:"}, "Us Use UserUser: d", piece), "Us Use User");
    EXPECT_EQ(shown({"aab"}, "aaaab", piece), "aa");
    EXPECT_EQ(shown({"。完"}, "句。句。完了", piece), "句。句");
    EXPECT_EQ(shown({"never"}, "ends with nev", piece), "ends with nev");
    EXPECT_EQ(shown({"", "x"}, "text", piece), "te");
    EXPECT_EQ(shown({}, "text", piece), "text");
  }
}

TEST(StopStringsTest, HoldsBackNoMoreThanNeeded) {
  StopStrings stop({"\n\n"});
  EXPECT_EQ(stop.add("abc"), "abc");
  EXPECT_EQ(stop.add("d\n"), "d");
  EXPECT_EQ(stop.add("e"), "\ne");
  EXPECT_FALSE(stop.stopped());
  EXPECT_EQ(stop.add("\n\nf"), "");
  EXPECT_TRUE(stop.stopped());
  EXPECT_EQ(stop.add("more"), "");
}

}  // namespace
}  // namespace pith
