#include "pith/base/units.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(UnitsTest, ParsesWhatPeopleWrite) {
  EXPECT_EQ(parse_size("300M").value(), 300u << 20);
  EXPECT_EQ(parse_size("1.5G").value(), 3ull << 29);
  EXPECT_EQ(parse_size("4096").value(), 4096u);
  EXPECT_EQ(parse_duration("3m").value(), 180);
  EXPECT_EQ(parse_duration("200ms").value(), 0.2);
  EXPECT_EQ(parse_count("2M").value(), 2000000u);
}

TEST(UnitsTest, RefusesTheRestAndShowsHow) {
  for (const char* text : {"", "M", "-1M", "1 M", "1X", "nan", "inf", "1e40"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
  EXPECT_NE(parse_duration("3x").error().message.find("90s, 3m or 1.5h"), std::string::npos);
}

TEST(UnitsTest, FormatsForPeople) {
  EXPECT_EQ(format_size(999), "999 B");
  EXPECT_EQ(format_size(12345678), "12.3 MB");
  EXPECT_EQ(format_mebibytes(256 << 20), "256M");
  EXPECT_EQ(format_mebibytes((256 << 20) + 1), "257M");
  EXPECT_EQ(format_count(1234567), "1,234,567");
  EXPECT_EQ(format_count(123), "123");
  EXPECT_EQ(format_duration(125), "2 m 05 s");
  EXPECT_EQ(format_duration(0.25), "0.2 s");
}

}  // namespace
}  // namespace pith
