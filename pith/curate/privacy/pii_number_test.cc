#include <string>

#include "gtest/gtest.h"
#include "pith/curate/privacy/pii_finders.h"

namespace pith {
namespace {

struct Read {
  explicit Read(std::string_view text) : ok(read_number_run(text, 0, run, digits)) {}
  NumberRun run;
  std::string digits;
  bool ok;
};

TEST(PiiNumberTest, ARunTakesItsGroupsAndSigns) {
  const Read read("+86 (10) 6234-5678, and");
  ASSERT_TRUE(read.ok);
  EXPECT_TRUE(read.run.plus);
  EXPECT_EQ(read.run.digits, "861062345678");
  EXPECT_EQ(read.run.groups, (std::vector<unsigned char>{2, 2, 4, 4}));
  EXPECT_EQ(read.run.end, 18u);
}

TEST(PiiNumberTest, ANumberThatIsTooLongIsPassedOver) {
  const std::string text(1000, '7');
  const Read read(text);
  ASSERT_TRUE(read.ok);
  EXPECT_TRUE(read.run.digits.empty());
  EXPECT_EQ(read.run.end, text.size());
}

TEST(PiiNumberTest, IdentityNumbersNeedRegionDateAndCheckDigit) {
  EXPECT_TRUE(is_id_number(Read("11010519491231002X").run));
  EXPECT_TRUE(is_id_number(Read("110105198001010083").run));
  EXPECT_FALSE(is_id_number(Read("440524188001010014").run));  // born in 1880
  EXPECT_FALSE(is_id_number(Read("11010519491231003X").run));  // check digit
  EXPECT_FALSE(is_id_number(Read("11010519491331002X").run));  // month 13
  EXPECT_FALSE(is_id_number(Read("99010519491231002X").run));  // no such province
}

TEST(PiiNumberTest, CardsNeedIssuerLengthAndCheckDigit) {
  for (const char* card : {"4111111111111111", "5500 0000 0000 0004", "3400-000000-00009",
                           "6011000000000004", "3530111333300000"}) {
    EXPECT_TRUE(is_card(Read(card).run)) << card;
  }
  for (const char* other : {"4111111111111112", "9111111111111111", "411111111111111",
                            "41 1111 1111 1111 11", "1111 1111 1111 1117"}) {
    EXPECT_FALSE(is_card(Read(other).run)) << other;
  }
}

}  // namespace
}  // namespace pith
