#include "pith/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace pith {
namespace {

class ResultTest : public testing::Test {
 protected:
  // A pointer can be moved and not copied.
  Result<std::unique_ptr<int>> half(int n) {
    ++asked_;
    if (n % 2 != 0) return input_error("[half] is odd: " + std::to_string(n));
    return std::make_unique<int>(n / 2);
  }
  Status check_even(int n) {
    ++asked_;
    if (n % 2 != 0) return format_error("[check] is odd: " + std::to_string(n));
    return {};
  }
  Result<int> quarter(int n) {
    PITH_ASSIGN(std::unique_ptr<int> found, half(n));
    PITH_ASSIGN(found, half(*found));
    return *found;
  }
  Status check_both(int a, int b) {
    PITH_TRY(check_even(a));
    PITH_TRY(half(b));
    return {};
  }
  int asked_ = 0;
};

TEST_F(ResultTest, AssignGivesTheValueOrHandsTheErrorOn) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_EQ(asked_, 2);  // each expression once
  const Result<int> at_once = quarter(7), then = quarter(6);
  ASSERT_FALSE(at_once);
  EXPECT_EQ(at_once.error().message, "[half] is odd: 7");
  ASSERT_FALSE(then);
  EXPECT_EQ(then.error().kind, ErrorKind::kInput);
  EXPECT_EQ(then.error().message, "[half] is odd: 3");
  EXPECT_EQ(asked_, 5);
}

TEST_F(ResultTest, TryGoesOnOrHandsTheErrorOn) {
  EXPECT_TRUE(check_both(2, 4));
  EXPECT_EQ(asked_, 2);
  const Status first = check_both(3, 5), second = check_both(4, 5);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, ErrorKind::kFormat);
  EXPECT_EQ(first.error().message, "[check] is odd: 3");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "[half] is odd: 5");
  EXPECT_EQ(asked_, 5);  // nothing after the first error
}

TEST_F(ResultTest, AValueIsMovedOutOfAResultThatEnds) {
  const std::unique_ptr<int> taken = half(8).value();
  EXPECT_EQ(*taken, 4);
  Result<std::string> kept = std::string("long enough not to lie inside of the string");
  EXPECT_EQ(kept->size(), kept.value().size());
  *kept += "!";
  EXPECT_EQ(std::move(kept).value().back(), '!');
}

TEST(ResultDeathTest, TheValueOfAnErrorStopsTheProgramWithTheMessage) {
  const Result<int> none = io_error("[disk] is full");
  EXPECT_DEATH(none.value(), "\\[disk\\] is full");
  EXPECT_DEATH((void)*none, "\\[disk\\] is full");
}

}  // namespace
}  // namespace pith
