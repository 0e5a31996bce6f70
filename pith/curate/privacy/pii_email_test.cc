#include "gtest/gtest.h"
#include "pith/curate/privacy/pii_finders.h"

namespace pith {
namespace {

// What is found around the first '@', empty when nothing.
std::string_view email(std::string_view text) {
  PiiSpan span;
  return find_email(text, text.find('@'), span) ? text.substr(span.begin, span.end - span.begin)
                                                : std::string_view();
}

TEST(PiiEmailTest, AddressesEndWhereTheSentenceGoesOn) {
  EXPECT_EQ(email("Ask john.o_neil+x@mail.example-site.co.uk."),
            "john.o_neil+x@mail.example-site.co.uk");
  EXPECT_EQ(email("<a@b.io>"), "a@b.io");
  EXPECT_EQ(email("请发到li@zju.edu.cn，谢谢"), "li@zju.edu.cn");
  EXPECT_EQ(email("...x@y.de..."), "x@y.de");
}

TEST(PiiEmailTest, WhatOnlyLooksLikeAnAddressIsNone) {
  for (const std::string_view text :
       {"icon@2x.png", "user@example.com", "user@localhost", "@handle", "a @ b.com", "x@.com",
        "x.@a.com", "git@github.com:pith/pith.git", "aes256-gcm@openssh.com", "root@nas.local",
        "x@1.2.3.4", "x@y.c", "foo@bar.c0m"}) {
    EXPECT_EQ(email(text), "") << text;
  }
}

TEST(PiiEmailTest, ALocalPartBeyondItsLimitIsNone) {
  EXPECT_NE(email(std::string(64, 'a') + "@b.org"), "");
  EXPECT_EQ(email(std::string(65, 'a') + "@b.org"), "");
}

}  // namespace
}  // namespace pith
